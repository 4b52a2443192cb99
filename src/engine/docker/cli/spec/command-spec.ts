/**
 * What the docker command line knows of a command before anything runs: usage, flags, how many
 * arguments. Flags are kept as `--help` shows them; `readFlags` makes data of them.
 */
export interface CommandSpec {
  /** Behind the command's path in its usage line. */
  readonly use?: string;
  /** In one line, for the list of the commands beside it. */
  readonly about: string;
  /** In its own help, when that says more. */
  readonly long?: string;
  /** Fewest and most arguments; any number when left out. */
  readonly args?: readonly [number, number];
  /** Other names, beside its own. */
  readonly aliases?: readonly string[];
  /** All the ways to call it, as its help lists them. */
  readonly also?: string;
  /** Flags as in `--help`; a line that begins with `|` goes on below, with `>` behind. */
  readonly flags?: string;
  /** Flags that help does not show; `!` before what is said when a deprecated one is used. */
  readonly hidden?: string;
  /** False: all behind the first argument are arguments. */
  readonly interspersed?: false;
  readonly experimental?: true;
  /** Not in the list of its group. */
  readonly unlisted?: true;
  /** Answered by a plugin, which prints its errors in its own way. */
  readonly plugin?: true;
  /** A whole plugin: it gets all words behind its name as they are, and reads them itself. */
  readonly passes?: true;
  readonly commands?: Readonly<Record<string, CommandSpec>>;
}

export const MANY = Number.MAX_SAFE_INTEGER;

export const TABLE_FORMAT = `Format output using a custom template:
| 'table':            Print output in table format with column headers (default)
| 'table TEMPLATE':   Print output in table format using the given Go template
| 'json':             Print in JSON format
| 'TEMPLATE':         Print output using the given Go template.
| Refer to https://docs.docker.com/go/formatting/ for more information about formatting output
> with templates`;

export const INSPECT_FORMAT = `Format output using a custom template:
| 'json':             Print in JSON format
| 'TEMPLATE':         Print output using the given Go template.
| Refer to https://docs.docker.com/go/formatting/ for more information about formatting output
> with templates`;

export interface FlagSpec {
  readonly name: string;
  readonly shorthand: string;
  /** What help calls its value: `string`, `list`, `int` …; a switch has none. */
  readonly type: string;
  readonly usage: string;
  readonly hidden?: true;
  /** A duration that may not be negative: `duration+` in a block of flags. */
  readonly positive?: true;
  /** A list that takes anything, whatever other commands take by that name: `list*`. */
  readonly unchecked?: true;
  /** What is said when it is used. */
  readonly deprecated?: string;
}

const FLAG = /^(?:-(\w), )?--([\w-]+)(?: (\S+))?(?: {2,}(.*))?$/;

export function readFlags(block: string, hidden = false): FlagSpec[] {
  const flags: FlagSpec[] = [];
  for (const line of block.split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    const more = /^([|>]) ?(.*)$/.exec(text);
    const last = flags.at(-1);
    if (more && last) {
      const joint = more[1] === '|' ? '\n' : ' ';
      flags[flags.length - 1] = { ...last, usage: last.usage + joint + (more[2] ?? '') };
      continue;
    }
    const [, shorthand = '', name = '', type = '', usage = ''] = FLAG.exec(text) ?? [];
    const gone = usage.startsWith('!');
    const positive = type.endsWith('+');
    const unchecked = type.endsWith('*');
    flags.push({
      name,
      shorthand,
      type: positive || unchecked ? type.slice(0, -1) : type,
      usage: gone ? '' : usage,
      ...(positive ? { positive } : {}),
      ...(unchecked ? { unchecked } : {}),
      ...(hidden ? { hidden: true as const } : {}),
      ...(gone ? { deprecated: usage.slice(1) } : {}),
    });
  }
  return flags;
}
