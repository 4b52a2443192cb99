/**
 * A Dockerfile as a tree with positions. Lines count from 1. Models the Dockerfile frontend of
 * moby/buildkit v0.32: `frontend/dockerfile/parser/parser.go`, `instructions/parse.go`.
 */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A logical line: continuations joined, comments inside them gone. */
export interface LogicalLine {
  readonly lines: LineRange;
  readonly text: string;
}

/** Words for a shell, or the arguments themselves. */
export type CommandForm =
  | { readonly form: 'shell'; readonly command: string }
  | { readonly form: 'exec'; readonly argv: readonly string[] };

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

interface At {
  readonly lines: LineRange;
  /** As written, for progress and history: `COPY index.html /srv/`. */
  readonly original: string;
  readonly flags: Readonly<Record<string, string>>;
}

export type Instruction = At &
  (
    | { readonly kind: 'FROM'; readonly image: string; readonly name?: string }
    | { readonly kind: 'RUN'; readonly command: CommandForm }
    | {
        readonly kind: 'COPY' | 'ADD';
        readonly sources: readonly string[];
        readonly destination: string;
      }
    | { readonly kind: 'WORKDIR'; readonly path: string }
    | { readonly kind: 'ENV' | 'LABEL'; readonly pairs: readonly KeyValue[] }
    | {
        readonly kind: 'ARG';
        readonly args: readonly { readonly key: string; readonly value?: string }[];
      }
    | { readonly kind: 'EXPOSE'; readonly ports: readonly string[] }
    | { readonly kind: 'USER'; readonly user: string }
    | { readonly kind: 'CMD' | 'ENTRYPOINT'; readonly command: CommandForm }
    | { readonly kind: 'HEALTHCHECK'; readonly command?: CommandForm }
    | { readonly kind: 'VOLUME'; readonly paths: readonly string[] }
    | { readonly kind: 'STOPSIGNAL'; readonly signal: string }
    | { readonly kind: 'SHELL'; readonly argv: readonly string[] }
    | { readonly kind: 'MAINTAINER'; readonly name: string }
    | { readonly kind: 'ONBUILD'; readonly trigger: string }
  );

export type InstructionOf<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>;

export interface Stage {
  readonly from: InstructionOf<'FROM'>;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly directives: Readonly<Record<string, string>>;
  /** Escapes a character, and at the end of a line goes on with the next: a backslash or a backtick. */
  readonly escape: string;
  /** ARG before the first FROM. */
  readonly metaArgs: readonly InstructionOf<'ARG'>[];
  readonly stages: readonly Stage[];
}

/** Why a Dockerfile is refused, in BuildKit's words, and the lines it points at. */
export interface DockerfileError {
  readonly message: string;
  readonly lines?: LineRange;
}

export type ParsedDockerfile =
  | { readonly ok: true; readonly dockerfile: Dockerfile }
  | { readonly ok: false; readonly error: DockerfileError };
