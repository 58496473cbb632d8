import { print } from "./remote/print.ts";
import { UsageError } from "./remote/usage-error.ts";

/** What may follow a command; commands that are not here take options alone. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  keys: ["create", "list", "revoke", "rotate-master"],
  migrate: ["status", "up"],
  endpoints: ["list", "get", "pause", "resume", "skip"],
  events: ["list", "get"],
  deliveries: ["list", "get"],
  attempts: ["list"],
  clock: ["advance"],
  completion: ["bash", "zsh", "fish"],
};

/**
 * `posthorn completion bash|zsh|fish`: prints a script that completes commands, for the shell to read as it
 * starts.
 */
export function completionOf(commands: readonly string[]): (args: readonly string[]) => Promise<number> {
  return async ([shell, ...rest]) => {
    const script = shell === undefined || rest.length > 0 ? undefined : scriptOf(shell, commands);
    if (script === undefined) {
      const given = JSON.stringify([shell ?? "", ...rest].join(" "));
      throw new UsageError(`posthorn completion takes bash, zsh or fish, got ${given}`);
    }
    print(script);
    return 0;
  };
}

function scriptOf(shell: string, commands: readonly string[]): string | undefined {
  const verbs = Object.entries(VERBS);
  switch (shell) {
    case "bash":
      return [
        "_posthorn() {",
        '  local words="--json --url --tenant"',
        '  if [ "$COMP_CWORD" = 1 ]; then',
        `    words="${commands.join(" ")}"`,
        '  elif [ "$COMP_CWORD" = 2 ]; then',
        '    case "${COMP_WORDS[1]}" in',
        ...verbs.map(([command, words]) => `      ${command}) words="${words.join(" ")}" ;;`),
        "    esac",
        "  fi",
        '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
        "}",
        "complete -o default -F _posthorn posthorn",
      ].join("\n");
    case "zsh":
      return [
        "#compdef posthorn",
        "_posthorn() {",
        "  if (( CURRENT == 2 )); then",
        `    compadd -- ${commands.join(" ")}`,
        "  elif (( CURRENT == 3 )); then",
        '    case "$words[2]" in',
        ...verbs.map(([command, words]) => `      ${command}) compadd -- ${words.join(" ")} ;;`),
        "      *) _files ;;",
        "    esac",
        "  else",
        "    compadd -- --json --url --tenant; _files",
        "  fi",
        "}",
        "compdef _posthorn posthorn",
      ].join("\n");
    case "fish":
      return [
        `complete -c posthorn -n __fish_use_subcommand -f -a "${commands.join(" ")}"`,
        ...verbs.map(
          ([command, words]) =>
            `complete -c posthorn -n "__fish_seen_subcommand_from ${command}" -f -a "${words.join(" ")}"`,
        ),
        "complete -c posthorn -l json",
        "complete -c posthorn -l url -x",
        "complete -c posthorn -l tenant -x",
      ].join("\n");
    default:
      return undefined;
  }
}
