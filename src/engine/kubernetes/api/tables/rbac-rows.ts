import type { KubeObject } from '../../apimachinery/object.ts';
import type { ClusterRoleBinding, RoleBinding, Subject } from '../rbac.ts';
import { ageOf } from './age.ts';
import { CREATED_COLUMNS, type RowKind, type RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/** Rows of bindings, and of kinds that show a name and a date (printers.go, v1.36). */
export const BINDING_ROWS: RowKind = {
  columns: columns(['Name', 'Role', 'Age'], ['Users', 'Groups', 'ServiceAccounts']),
  row: (binding: RoleBinding | ClusterRoleBinding, { nowMs }: RowOptions): Cell[] => {
    const { metadata, roleRef, subjects = [] } = binding;
    const named = (kind: string, text: (subject: Subject) => string): string =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(text)
        .join(', ');
    return [
      metadata.name,
      `${roleRef.kind}/${roleRef.name}`,
      ageOf(metadata.creationTimestamp, nowMs),
      named('User', ({ name }) => name),
      named('Group', ({ name }) => name),
      named('ServiceAccount', ({ name, namespace = '' }) => `${namespace}/${name}`),
    ];
  },
};

/** Kinds without columns of their own (`rest.NewDefaultTableConvertor`). */
export const CREATED_ROWS: RowKind = {
  columns: CREATED_COLUMNS,
  row: ({ metadata }: KubeObject): Cell[] => [metadata.name, metadata.creationTimestamp],
};
