import { resolvePath } from '../../../machine/command.ts';
import { readFile } from '../../../machine/files.ts';
import { execute, template, type Template } from '../../../go/template/execute.ts';
import { goText } from '../../../go/template/print.ts';
import type { Value } from '../../../go/template/value.ts';
import { isRefused } from '../../../go/refused.ts';
import { resourceByKind, typedName } from '../../api/resources.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { executePath } from '../jsonpath/evaluate.ts';
import { parsePath, type PathTemplate } from '../jsonpath/parse.ts';
import { fatal, print, type Session, type Step } from '../session.ts';
import { writeYaml } from '../yaml/emit.ts';
import { writeKyaml } from '../yaml/kyaml.ts';
import { goJson, goValue } from './go-json.ts';
import { TEMPLATE_FUNCTIONS, TEMPLATE_NAMES } from './template-functions.ts';

/**
 * `-o` and `--template` (staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go and
 * pkg/printers, v1.36).
 */
export type Printer =
  | { readonly kind: 'json' | 'yaml' | 'kyaml' | 'name' }
  | { readonly kind: 'jsonpath'; readonly path: PathTemplate; readonly asJson: boolean }
  | { readonly kind: 'template'; readonly template: Template }
  /** Not one of these: the command's own form. */
  | { readonly kind: 'other'; readonly format: string };

const TEMPLATES = [
  'go-template',
  'go-template-file',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'template',
  'templatefile',
];

export const STANDARD_FORMATS: readonly string[] = ['json', 'kyaml', 'name', 'yaml', ...TEMPLATES];
/** A bound on the template's size. */
const TEMPLATE_LIMIT = 100_000;

/** @param own formats that the command has besides the standard ones; `''` is always allowed */
export function* choosePrinter(session: Session, own: readonly string[] = []): Step<Printer> {
  const { flags } = session;
  const chosen = flags.text('output');
  const given = flags.get('template') ?? '';
  const output = given !== '' && !flags.changed('output') ? 'go-template' : chosen;
  const format = output.toLowerCase();
  if (output === '') return { kind: 'other', format: '' };
  if (format === 'json' || format === 'yaml' || format === 'kyaml' || format === 'name') {
    return { kind: format };
  }
  const equals = output.indexOf('=');
  const name = equals === -1 ? output : output.slice(0, equals);
  if (own.includes(name)) return { kind: 'other', format: output };
  if (!TEMPLATES.includes(name)) {
    const allowed = [...STANDARD_FORMATS, ...own].sort((a, b) => (a < b ? -1 : 1)).join(',');
    const why = `unable to match a printer suitable for the output format "${output}"`;
    yield* fatal(session, `${why}, allowed formats are: ${allowed}`);
  }
  const text = equals === -1 ? given : output.slice(equals + 1);
  if (text === '') yield* fatal(session, 'template format specified but no template given');
  return yield* templatePrinter(session, name, text);
}

function* templatePrinter(session: Session, name: string, given: string): Step<Printer> {
  let text = given;
  if (name.endsWith('file')) {
    const { line } = session;
    const file = yield* readFile(line.machine, resolvePath(line.cwd, given));
    if (!file) {
      const why = `open ${given}: no such file or directory`;
      yield* fatal(session, `error reading --template ${given}, ${why}`);
    }
    text = file?.content ?? '';
  }
  if (text.length > TEMPLATE_LIMIT) yield* fatal(session, 'the template is too long');
  if (name.startsWith('jsonpath')) {
    const path = parsePath(text);
    if (isRefused(path)) {
      return yield* fatal(session, `error parsing jsonpath ${text}, ${path.refused}`);
    }
    return { kind: 'jsonpath', path, asJson: name === 'jsonpath-as-json' };
  }
  const parsed = template(text, TEMPLATE_NAMES);
  if (isRefused(parsed)) {
    const why = parsed.refused.replace(/^template: [^:]*:/, 'template: output:');
    return yield* fatal(session, `error parsing template ${text}, ${why}`);
  }
  return { kind: 'template', template: parsed };
}

/** The word of an object as messages name it: `deployment.apps/web`. */
export function wordOf(object: KubeObject): string {
  const { kind, metadata } = object;
  const { apiVersion } = object as { apiVersion?: string };
  const name = (metadata as { name?: string } | undefined)?.name || '<unknown>';
  const info = resourceByKind(apiVersion ?? '', kind);
  if (info) return typedName(info, name);
  const group = apiVersion?.includes('/') ? `.${apiVersion.replace(/\/.*/, '')}` : '';
  return `${kind.toLowerCase()}${group}/${name}`;
}

/** A node that lost its taints has none, not an empty list: the server's JSON leaves that out. */
function withoutNoTaints(object: KubeObject): KubeObject {
  const { spec } = object as { spec?: { taints?: readonly unknown[] } };
  if (object.kind !== 'Node' || spec?.taints?.length !== 0) return object;
  const { taints: _none, ...rest } = spec;
  return { ...object, spec: rest } as KubeObject;
}

/** An object without what `--show-managed-fields` would show. */
export function withoutManagedFields(given: KubeObject): KubeObject {
  const object = withoutNoTaints(given);
  if (!('managedFields' in object.metadata)) return object;
  const { managedFields: _managedFields, ...metadata } =
    object.metadata as KubeObject['metadata'] & {
      managedFields: unknown;
    };
  return { ...object, metadata };
}

/** Prints values one behind the other, as one printer of kubectl does. */
export class Output {
  readonly #session: Session;
  readonly #printer: Printer;
  #count = 0;

  constructor(session: Session, printer: Printer) {
    this.#session = session;
    this.#printer = printer;
  }

  /** @param said what a command says of an object when no format is asked for */
  *object(object: KubeObject, said: string): Step<void> {
    const shown = this.#session.flags.has('show-managed-fields')
      ? object
      : withoutManagedFields(object);
    if (this.#printer.kind === 'name') return yield* print(this.#session, `${wordOf(object)}\n`);
    if (this.#printer.kind === 'other') {
      return yield* print(this.#session, `${wordOf(object)} ${said}\n`);
    }
    return yield* this.value(shown);
  }

  *value(given: unknown): Step<void> {
    const session = this.#session;
    const printer = this.#printer;
    // Paths walk through maps, whose keys are in order.
    const value = printer.kind === 'jsonpath' ? sortKeys(given) : given;
    this.#count += 1;
    if (printer.kind === 'json') return yield* print(session, `${goJson(value, 4)}\n`);
    if (printer.kind === 'kyaml') return yield* print(session, writeKyaml(value));
    if (printer.kind === 'yaml') {
      const line = this.#count > 1 ? '---\n' : '';
      return yield* print(session, line + writeYaml(value));
    }
    if (printer.kind === 'jsonpath') return yield* this.#path(printer, value);
    if (printer.kind === 'template') return yield* this.#template(printer.template, value);
    return undefined;
  }

  *#path({ path, asJson }: Extract<Printer, { kind: 'jsonpath' }>, value: unknown): Step<void> {
    const session = this.#session;
    const allowMissing = session.flags.has('allow-missing-template-keys');
    const text = executePath(path, value, { allowMissing, asJson });
    if (!isRefused(text)) return yield* print(session, text);
    const source = path.source;
    const more =
      `Error executing template: ${text.refused}. Printing more information for debugging the ` +
      `template:\n\ttemplate was:\n\t\t${source}\n\tobject given to jsonpath engine was:\n\t\t` +
      `${goValue(value)}\n\n\n`;
    return yield* fatal(session, `error executing jsonpath ${JSON.stringify(source)}: ${more}`);
  }

  *#template(parsed: Template, value: unknown): Step<void> {
    const session = this.#session;
    const strict = !session.flags.has('allow-missing-template-keys');
    const text = execute(parsed, value as Value, {
      functions: TEMPLATE_FUNCTIONS,
      strict,
      name: 'output',
      untyped: true,
    });
    if (!isRefused(text)) return yield* print(session, text);
    const { source } = parsed;
    const why = text.refused;
    yield* print(
      session,
      `${text.before}Error executing template: ${why}. Printing more information for debugging ` +
        `the template:\n\ttemplate was:\n\t\t${source}\n\traw data was:\n\t\t${goJson(value)}\n` +
        `\tobject given to template engine was:\n\t\t${goText(value as Value)}\n\n`,
    );
    return yield* fatal(session, `error executing template ${JSON.stringify(source)}: ${why}`);
  }
}
