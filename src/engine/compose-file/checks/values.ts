import { isAddress } from '../../go/address.ts';
import { fail } from '../failure.ts';
import { isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import { ELEMENT, pathText, PathTable, type Path } from '../tree/path-table.ts';

/** Values that no schema can judge (compose-go v2.13 `validation/*.go`). */
type Check = (value: unknown, place: string) => void;

const fileObject =
  (...keys: string[]): Check =>
  (value, place) => {
    if (!isMapping(value)) return;
    const names = keys.join('|');
    const count = keys.filter((key) => key in value).length;
    if (count > 1) fail(`${place}: ${names} attributes are mutually exclusive`);
    if (count === 0 && !('driver' in value) && !('external' in value)) {
      fail(`${place}: one of ${names} must be set`);
    }
  };

const externalVolume: Check = (value, place) => {
  if (!isMapping(value) || value.external !== true) return;
  const other = Object.keys(value).find(
    (key) => key !== 'name' && key !== 'external' && !key.startsWith('x-'),
  );
  if (other !== undefined) {
    fail(`${place}: conflicting parameters "external" and "${other}" specified`);
  }
};

const hostAddress: Check = (value, place) => {
  const address = isMapping(value) ? value.host_ip : undefined;
  if (address === undefined || isAddress(printValue(address))) return;
  fail(`${place}: invalid ip address: ${printValue(address)}`);
};

const watchedPath: Check = (value, place) => {
  if (value === '') fail(`${place}: value can't be blank`);
};

const deviceRequest: Check = (value, place) => {
  if (isMapping(value) && 'count' in value && 'device_ids' in value) {
    fail(`${place}: "count" and "device_ids" attributes are exclusive`);
  }
};

const CHECKS = new PathTable<Check>({
  'volumes.*': externalVolume,
  'configs.*': fileObject('file', 'environment', 'content'),
  'secrets.*': fileObject('file', 'environment'),
  'services.*.ports.*': hostAddress,
  'services.*.develop.watch.*.path': watchedPath,
  'services.*.deploy.resources.reservations.devices.*': deviceRequest,
  'services.*.gpus.*': deviceRequest,
});

export function checkValues(document: Mapping): void {
  walk(document, []);
}

function walk(value: unknown, path: Path): void {
  const check = CHECKS.get(path);
  if (check) {
    check(value, pathText(path));
  } else if (isMapping(value)) {
    for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
  } else if (isList(value)) {
    for (const one of value) walk(one, [...path, ELEMENT]);
  }
}
