import type { Healthcheck } from '../../oci/image.ts';

/**
 * A Dockerfile as a tree with positions. Lines count from 1. Models the Dockerfile frontend of
 * moby/buildkit v0.32: `frontend/dockerfile/parser/parser.go`, `instructions/commands.go`.
 */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A file written within the Dockerfile: `<<NAME`, its lines, `NAME`. */
export interface Heredoc {
  readonly name: string;
  /** False when a part of its name was quoted. */
  readonly expand: boolean;
  /** `<<-`: tabs in front of lines do not count. */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  readonly content: string;
}

/** A logical line before its meaning is looked at: continuations joined, comments inside gone. */
export interface Node {
  /** As written: `From`. */
  readonly keyword: string;
  readonly original: string;
  readonly flags: readonly string[];
  /** Operands; of ENV and LABEL name, value and `=` (or nothing) for each pair. */
  readonly args: readonly string[];
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  readonly lines: LineRange;
  /** Comments right above it. */
  readonly comments: readonly string[];
  /** What ONBUILD holds. */
  readonly child?: Node;
}

/** Words for a shell, or the arguments themselves; and the heredocs among them. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly shell: boolean;
  readonly files: readonly Heredoc[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
  /** Written `ENV key value`, the old way. */
  readonly legacy?: true;
}

export interface ArgDefinition {
  readonly key: string;
  readonly value?: string;
  /** From the comment above it: `# KEY what it is for`. */
  readonly doc: string;
}

export interface InlineFile {
  readonly name: string;
  readonly data: string;
  readonly expand: boolean;
}

interface At {
  readonly lines: LineRange;
  /** The keyword as written. */
  readonly name: string;
  /** As written, for progress: `COPY index.html /srv/`. */
  readonly original: string;
  readonly comments: readonly string[];
}

export interface CopyInstruction extends At {
  readonly kind: 'COPY' | 'ADD';
  readonly sources: readonly string[];
  readonly inline: readonly InlineFile[];
  readonly destination: string;
  readonly from: string;
  readonly chown: string;
  readonly chmod: string;
  readonly link: boolean;
  readonly parents: boolean;
  readonly exclude: readonly string[];
  readonly checksum: string;
  readonly unpack?: boolean;
  readonly keepGitDir?: boolean;
}

export interface RunInstruction extends At {
  readonly kind: 'RUN';
  readonly command: CommandLine;
  /** `--mount` as written: their variables are put in when the stage is planned. */
  readonly mounts: readonly string[];
  readonly network: string;
  readonly security: string;
}

export interface FromInstruction extends At {
  readonly kind: 'FROM';
  readonly image: string;
  /** Lower case; `''` without one. */
  readonly stage: string;
  readonly platform: string;
  readonly doc: string;
}

export type Instruction =
  | FromInstruction
  | CopyInstruction
  | RunInstruction
  | (At &
      (
        | { readonly kind: 'WORKDIR'; readonly path: string }
        | { readonly kind: 'ENV' | 'LABEL'; readonly pairs: readonly KeyValue[] }
        | { readonly kind: 'ARG'; readonly args: readonly ArgDefinition[] }
        | { readonly kind: 'EXPOSE'; readonly ports: readonly string[] }
        | { readonly kind: 'USER'; readonly user: string }
        | { readonly kind: 'CMD' | 'ENTRYPOINT'; readonly command: CommandLine }
        | { readonly kind: 'HEALTHCHECK'; readonly health: Healthcheck }
        | { readonly kind: 'VOLUME'; readonly paths: readonly string[] }
        | { readonly kind: 'STOPSIGNAL'; readonly signal: string }
        | { readonly kind: 'SHELL'; readonly argv: readonly string[] }
        | { readonly kind: 'MAINTAINER'; readonly author: string }
        | { readonly kind: 'ONBUILD'; readonly trigger: string }
      ));

export type InstructionOf<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>;

export interface Stage {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** Escapes a character, and at the end of a line goes on with the next: a backslash or a backtick. */
  readonly escape: string;
  /** ARG before the first FROM. */
  readonly metaArgs: readonly InstructionOf<'ARG'>[];
  readonly stages: readonly Stage[];
  readonly warnings: readonly ParseWarning[];
}

export interface ParseWarning {
  readonly short: string;
  readonly line: number;
}

/** Why a Dockerfile is refused, in BuildKit's words, and the lines it points at. */
export interface DockerfileError {
  readonly message: string;
  readonly lines?: LineRange;
}

export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

export type ParsedDockerfile =
  | { readonly ok: true; readonly dockerfile: Dockerfile }
  | { readonly ok: false; readonly error: DockerfileError };
