import { PosthornError } from "@posthorn/client/posthorn-error";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Gate } from "./gate.tsx";
import { listenToKeys } from "./keyboard.ts";
import { applyTheme, storedTheme } from "./theme.ts";

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== "session") {
        askAgainWho(error);
      }
    },
  }),
  mutationCache: new MutationCache({ onError: askAgainWho }),
  // A browser that knows of no network reaches a server on its own machine; and what was asked for in vain is
  // to be said at once, not done later, when nobody expects it.
  defaultOptions: {
    queries: { retry: false, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

/** The session is over: whatever was asked, one has to sign in first. */
function askAgainWho(error: unknown): void {
  if (error instanceof PosthornError && error.code === "unauthorized") {
    void queries.invalidateQueries({ queryKey: ["session"] });
  }
}

applyTheme(storedTheme());
listenToKeys();
const element = document.querySelector("#app");
if (element === null) {
  throw new Error("the page has a place for the application");
}
createRoot(element).render(
  <QueryClientProvider client={queries}>
    <Gate />
  </QueryClientProvider>,
);
