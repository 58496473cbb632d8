import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ApiCall } from "../text/curl.ts";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { useMay } from "./permission.ts";

interface ActionProps<Answer> {
  /** On the button, and above what is asked. */
  readonly label: string;
  /** What will happen, before it does. */
  readonly about: ReactNode;
  readonly call: ApiCall;
  readonly run: () => Promise<Answer>;
  /** Shown when it is done. Default: the dialog closes. */
  readonly done?: ((answer: Answer) => ReactNode) | undefined;
  readonly kind?: "main" | "plain" | "bad";
  /** Whether the key `r` asks for it. */
  readonly isReplay?: boolean;
  /** Whether it can be asked for now, by whoever may. What was asked goes on being shown. Default: it can. */
  readonly isOffered?: boolean;
}

const BUTTONS = { main: "button button-main", plain: "button", bad: "button button-bad" } as const;

/** A button that says what it will do, and how a program would, before it does it. */
export function Action<Answer>(props: ActionProps<Answer>) {
  const { label, call, kind = "plain", isReplay = false, isOffered = true } = props;
  const may = useMay(call);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {isOffered && may && (
        <button
          type="button"
          className={kind === "bad" ? `${BUTTONS.plain} text-bad` : BUTTONS[kind]}
          data-replay={isReplay ? "" : undefined}
          onClick={() => setOpen(true)}
        >
          {label}
        </button>
      )}
      {isOpen && <ActionDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ActionDialog<Answer>(props: ActionProps<Answer> & { readonly onClose: () => void }) {
  const { label, about, call, run, done, kind = "plain", onClose } = props;
  const queries = useQueryClient();
  const action = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      if (done === undefined) {
        onClose();
      }
      await queries.invalidateQueries();
    },
  });
  return (
    <Dialog title={label} onClose={onClose}>
      <div className="space-y-2">{action.isSuccess && done !== undefined ? done(action.data) : about}</div>
      {!action.isSuccess && <Curl call={call} />}
      {action.isError && <Failure error={action.error} isOfAction />}
      <DialogButtons isDone={action.isSuccess} onClose={onClose}>
        <button
          type="button"
          className={kind === "bad" ? BUTTONS.bad : BUTTONS.main}
          disabled={action.isPending}
          onClick={() => action.mutate()}
        >
          {action.isPending ? "…" : label}
        </button>
      </DialogButtons>
    </Dialog>
  );
}

interface DialogButtonsProps {
  readonly isDone: boolean;
  readonly onClose: () => void;
  /** What does it, until it is done. */
  readonly children: ReactNode;
}

/** At the foot of a dialog that does one thing: the way back, and the button that does it. */
export function DialogButtons({ isDone, onClose, children }: DialogButtonsProps) {
  return (
    <div className="mt-5 flex justify-end gap-2">
      <button type="button" className="button" onClick={onClose}>
        {isDone ? "Close" : "Back"}
      </button>
      {!isDone && children}
    </div>
  );
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own dialog: it keeps the focus, closes by Escape, and needs no style at run time. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={onClose}
      className="panel m-auto w-[min(34rem,calc(100vw-2rem))] p-5 text-ink shadow-2xl"
    >
      <h2 className="mb-2 text-base font-semibold">{title}</h2>
      {children}
    </dialog>
  );
}
