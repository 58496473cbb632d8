interface Warned {
  readonly warnings?: readonly { readonly detail: string }[] | undefined;
}

/** Tells on standard error what the server took, and took for no mistake for certain. */
export function tellWarnings({ warnings = [] }: Warned): void {
  for (const { detail } of warnings) {
    process.stderr.write(`warning: ${detail}\n`);
  }
}
