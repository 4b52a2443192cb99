import { isList, type Mapping } from '../tree/tree.ts';
import { PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';

/**
 * Leaves out of lists what is empty, as a variable that is not set leaves it, where nothing is meant
 * by it (compose-go v2.14 `loader/omitEmpty.go`).
 */
const TABLE = new PathTable<true>({ 'services.*.dns': true });

export function withoutEmpty(document: Mapping): Mapping {
  const walk = (value: unknown, path: Path): unknown => {
    const kept = isList(value) && TABLE.get(path) ? value.filter(isSet) : value;
    return mapChildren(kept, path, walk);
  };
  return walk(document, []) as Mapping;
}

const isSet = (value: unknown): boolean => value !== null && value !== '';
