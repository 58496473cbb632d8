/** Does something of its own when a form is submitted; the browser leaves the page where it is. */
export function whenSubmitted(run: () => void) {
  return (event: { readonly preventDefault: () => void }): void => {
    event.preventDefault();
    run();
  };
}
