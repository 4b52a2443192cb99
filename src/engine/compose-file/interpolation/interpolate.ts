import { ComposeError } from '../failure.ts';
import type { Mapping } from '../tree/tree.ts';
import { pathText, PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';
import { castText, COMPOSE_CASTS, type Cast } from './casts.ts';
import { InvalidTemplate, substitute, type Variables } from './template.ts';

/** Puts variables into every text of a document (compose-go v2.13 `interpolation/`). */
export interface Interpolation extends Variables {
  readonly casts?: PathTable<Cast>;
  readonly onOldBoolean?: (text: string, should: string) => void;
}

const DEFAULT_CASTS = new PathTable(COMPOSE_CASTS);

export function interpolate(document: Mapping, options: Interpolation): Mapping {
  return atPath(document, [], options) as Mapping;
}

function atPath(value: unknown, path: Path, options: Interpolation): unknown {
  if (typeof value === 'string') return inText(value, path, options);
  return mapChildren(value, path, (child, at) => atPath(child, at, options));
}

function inText(text: string, path: Path, options: Interpolation): unknown {
  const casts = options.casts ?? DEFAULT_CASTS;
  let filled: string;
  try {
    filled = substitute(text, options);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    if (error instanceof InvalidTemplate) {
      throw new ComposeError(
        `invalid interpolation format for ${pathText(path)}.\n` +
          `You may need to escape any $ with another $.\n${error.template}`,
      );
    }
    throw new ComposeError(`error while interpolating ${pathText(path)}: ${error.message}`);
  }
  const cast = casts.get(path);
  if (cast === undefined) return filled;
  try {
    return castText(filled, cast, options.onOldBoolean);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    const problem = `failed to cast to expected type: ${error.message}`;
    throw new ComposeError(`error while interpolating ${pathText(path)}: ${problem}`);
  }
}
