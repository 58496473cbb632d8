import { HELP, type Help } from "./help.ts";
import { parseLine, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

/** What may follow a command: its verbs at once, its options anywhere. */
interface Words {
  readonly command: string;
  readonly verbs: string;
  readonly options: readonly string[];
}

/**
 * `posthorn completion bash|zsh|fish`: prints a script that completes commands, for the shell to read as it
 * starts.
 */
export async function completion(args: readonly string[]): Promise<number> {
  const { positionals } = parseLine(args, {});
  const script = scriptOf(positionals.join(" "));
  if (script === undefined) {
    throw wrongVerb("completion", HELP.completion.verbs, positionals.join(" "));
  }
  print(script);
  return 0;
}

function scriptOf(shell: string): string | undefined {
  const words = Object.entries<Help>(HELP).map(([command, { verbs = [], options }]) => ({
    command,
    verbs: verbs.join(" "),
    options: Object.keys(options).flatMap((option) => /--[a-z-]+/.exec(option) ?? []),
  }));
  const commands = words.map(({ command }) => command).join(" ");
  switch (shell) {
    case "bash":
      return bash(commands, words);
    case "zsh":
      return zsh(commands, words);
    case "fish":
      return fish(commands, words);
    default:
      return undefined;
  }
}

function bash(commands: string, words: readonly Words[]): string {
  return [
    "_posthorn() {",
    `  local words="${commands}" verbs=""`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...words.map(
      ({ command, verbs, options }) =>
        `      ${command}) verbs="${verbs}"; words="${options.join(" ")} --help" ;;`,
    ),
    "    esac",
    '    if [ "$COMP_CWORD" = 2 ] && [ -n "$verbs" ]; then words="$verbs"; fi',
    "  fi",
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -o default -F _posthorn posthorn",
  ].join("\n");
}

function zsh(commands: string, words: readonly Words[]): string {
  return [
    "#compdef posthorn",
    "_posthorn() {",
    "  if (( CURRENT == 2 )); then",
    `    compadd -- ${commands}`,
    "    return",
    "  fi",
    "  if (( CURRENT == 3 )); then",
    '    case "$words[2]" in',
    ...words
      .filter(({ verbs }) => verbs !== "")
      .map(({ command, verbs }) => `      ${command}) compadd -- ${verbs}; return ;;`),
    "    esac",
    "  fi",
    '  case "$words[2]" in',
    ...words.map(({ command, options }) => `    ${command}) compadd -- ${options.join(" ")} --help ;;`),
    "  esac",
    "  _files",
    "}",
    "compdef _posthorn posthorn",
  ].join("\n");
}

function fish(commands: string, words: readonly Words[]): string {
  return [
    `complete -c posthorn -n __fish_use_subcommand -f -a "${commands}"`,
    ...words.flatMap(({ command, verbs, options }) => {
      const seen = `complete -c posthorn -n "__fish_seen_subcommand_from ${command}"`;
      return [
        ...(verbs === "" ? [] : [`${seen} -f -a "${verbs}"`]),
        ...options.map((option) => `${seen} -l ${option.slice(2)}`),
      ];
    }),
    "complete -c posthorn -l help",
  ].join("\n");
}
