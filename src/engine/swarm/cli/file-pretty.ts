import { goTime, ofText } from '../../docker/cli/formatter/time.ts';
import { fromBase64 } from '../../oci/base64.ts';
import type { FileWire } from '../wire/file.ts';

/** `inspect --pretty` (docker/cli v29.7 `cli/command/{secret,config}/formatter.go`). */
export function prettyFile(kind: 'secret' | 'config', { ID, Spec, ...file }: FileWire): string {
  const keys = Object.keys(Spec.Labels).sort();
  const labels = keys.map((key) => ` - ${key}${Spec.Labels[key] ? `=${Spec.Labels[key]}` : ''}`);
  const [created, updated] = [file.CreatedAt, file.UpdatedAt].map((at) => goTime(ofText(at)));
  const listed = keys.length > 0 ? ['Labels:', ...labels] : [];
  if (kind === 'secret') {
    return [
      `ID:              ${ID}`,
      `Name:              ${Spec.Name}`,
      ...listed,
      `Driver:            ${Spec.Driver?.Name ?? ''}`,
      `Created at:        ${created}`,
      `Updated at:        ${updated}`,
    ].join('\n');
  }
  return [
    `ID:\t\t\t${ID}`,
    `Name:\t\t\t${Spec.Name}`,
    ...listed,
    `Created at:            \t${created}`,
    `Updated at:            \t${updated}`,
    'Data:',
    fromBase64(Spec.Data ?? '') ?? '',
  ].join('\n');
}
