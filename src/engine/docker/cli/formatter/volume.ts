import type { Volume } from '../../api.ts';
import { humanSize } from '../../units.ts';
import { Subject, type Value } from '../../../go/template/value.ts';
import { listFormat, type ListForms } from './list-format.ts';
import { labelList, labelOf } from './container.ts';
import type { Headings } from './write.ts';

/** Rows of `docker volume ls` (docker/cli v29.7 `cli/command/formatter/volume.go`). */
export const VOLUME_HEADINGS: Headings = {
  ID: 'ID',
  Name: 'VOLUME NAME',
  Group: 'GROUP',
  Driver: 'DRIVER',
  Scope: 'SCOPE',
  Availability: 'AVAILABILITY',
  Mountpoint: 'MOUNTPOINT',
  Labels: 'LABELS',
  Links: 'LINKS',
  Size: 'SIZE',
  Status: 'STATUS',
};

const FORMS: ListForms = {
  table: 'table {{.Driver}}\t{{.Name}}',
  raw: 'name: {{.Name}}\ndriver: {{.Driver}}\n',
};

export const volumeFormat = (source: string, quiet: boolean): string =>
  listFormat(source, quiet, FORMS);

export const volumeRow = (volume: Volume): Subject =>
  new Subject('*formatter.volumeContext', {
    Availability: () => 'N/A',
    Driver: () => volume.Driver,
    Group: () => 'N/A',
    Label: (name: Value) => labelOf(volume.Labels, name),
    Labels: () => labelList(volume.Labels),
    Links: () => (volume.UsageData ? String(volume.UsageData.RefCount) : 'N/A'),
    Mountpoint: () => volume.Mountpoint,
    Name: () => volume.Name,
    Scope: () => volume.Scope,
    Size: () => (volume.UsageData ? humanSize(volume.UsageData.Size, 4) : 'N/A'),
    Status: () => 'N/A',
  });
