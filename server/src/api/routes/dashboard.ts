import { type DashboardFiles, PAGE } from "../../dashboard-files.ts";
import { type KeptFile, keptFile } from "../../kept-file.ts";
import { Problem } from "../../problem.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { sendFile } from "../send-file.ts";

/** Of the page and all it loads: its own files and the API of the same server, and nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  // Whatever path the server has behind a proxy, the page says where it is, and no further.
  "base-uri 'self'",
  "form-action 'none'",
].join("; ");

const NOBODY = "'none'";
/** What stands in the page for the way from a path to the dashboard's own. */
const BASE = '<base href="./"';

/**
 * `/dashboard/…` and `/portal/…`: the dashboard's files by their names, and its page for every other path,
 * which the page reads itself. `/` leads to the former. All addresses in it are relative, so that a proxy may
 * put it below any path. Only the portal is ever shown in a frame, and only by whoever is listed.
 */
export function addDashboardRoutes(app: Api, { dashboard, portalOrigins = [] }: ApiPorts): void {
  const page = dashboard?.get(PAGE);
  if (dashboard === undefined || page === undefined) {
    return;
  }
  const files = { dashboard, page };
  app.get("/", (_request, reply) => reply.redirect("dashboard/"));
  addPages(app, files, { name: "dashboard", framedBy: NOBODY });
  addPages(app, files, {
    name: "portal",
    framedBy: portalOrigins.length === 0 ? NOBODY : portalOrigins.join(" "),
  });
}

interface Files {
  readonly dashboard: DashboardFiles;
  readonly page: KeptFile;
}

function addPages(
  app: Api,
  { dashboard, page }: Files,
  { name, framedBy }: { readonly name: "dashboard" | "portal"; readonly framedBy: string },
): void {
  const root = `/${name}/`;
  app.get(`/${name}`, (_request, reply) => reply.redirect(`${name}/`));
  app.get(`${root}*`, (request, reply) => {
    const [path = ""] = request.url.slice(root.length).split("?");
    const file = dashboard.get(path);
    reply.headers({
      "content-security-policy": `${POLICY}; frame-ancestors ${framedBy}`,
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
    if (file !== undefined && file !== page) {
      // Their names change with what is in them.
      return sendFile(request, reply.header("cache-control", "public, max-age=31536000, immutable"), file);
    }
    if (path.startsWith("assets/")) {
      throw new Problem("not_found", "The dashboard has no such file: it may be of another version.");
    }
    return sendFile(
      request,
      reply.header("cache-control", "no-cache"),
      pageAt(page, path.split("/").length - 1),
    );
  });
}

/** Returns the page as it finds its files from so many folders below. */
function pageAt(page: KeptFile, depth: number): KeptFile {
  if (depth === 0) {
    return page;
  }
  const text = page.bytes.toString("utf8").replace(BASE, `<base href="${"../".repeat(depth)}"`);
  return keptFile(PAGE, Buffer.from(text));
}
