const placeholder = ":name";

/** Puts a hook's name in place of `:name` in the path of a URL; undefined where the path has no `:name`. */
export function hookUrl(url: string, hook: string): string | undefined {
  const pathFrom = url.indexOf("/", url.indexOf("://") + "://".length);
  const pathTo = url.search(/[?#]/);
  const at = pathFrom === -1 ? -1 : url.indexOf(placeholder, pathFrom);
  if (at === -1 || (pathTo !== -1 && at > pathTo)) {
    return undefined;
  }
  return url.slice(0, at) + hook + url.slice(at + placeholder.length);
}
