/** `--gpus all`, `--gpus device=0,capabilities=utility` (docker/cli v29.7 `opts/gpus.go`). */
export interface DeviceRequest {
  readonly Driver: string;
  readonly Count: number;
  readonly DeviceIDs: readonly string[] | null;
  readonly Capabilities: readonly (readonly string[])[];
  readonly Options: Readonly<Record<string, string>>;
}

/** Simplified: what is wrong with a value is not said; it counts as one device. */
export function gpuRequest(value: string): DeviceRequest {
  // A field with commas of its own stands in quotation marks, as in CSV.
  const fields = [...value.matchAll(/"([^"]*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const given = new Map(
    fields.map((field) => {
      const [key = '', ...rest] = field.split('=');
      return rest.length > 0 ? [key, rest.join('=')] : ['count', key];
    }),
  );
  const devices = given.get('device')?.split(',');
  const count = given.get('count');
  const named = given.get('capabilities')?.split(',') ?? [];
  return {
    Driver: given.get('driver') ?? '',
    Count: count === 'all' ? -1 : Number(count) || (devices ? 0 : 1),
    DeviceIDs: devices ?? null,
    Capabilities: [[...named, 'gpu']],
    Options: {},
  };
}
