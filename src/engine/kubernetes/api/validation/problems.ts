import { setDefaults } from '../defaults.ts';
import type { ResourceName } from '../resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { validate } from './validate.ts';

/** An object as a client writes it, with what the server fills in. */
export function complete(resource: ResourceName, object: object): KubeObject {
  const { metadata, ...fields } = object as Partial<KubeObject>;
  const whole = { ...fields, metadata: { name: 'x', namespace: 'default', ...metadata } };
  return setDefaults(resource, whole as unknown as KubeObject);
}

/** For the tests: what is wrong with an object, or with the change of one, line by line. */
export function problems(resource: ResourceName, object: object, previous?: object): string[] {
  const before = previous && complete(resource, previous);
  const causes = validate(resource, complete(resource, object), before);
  return causes.map(({ field, message }) => `${field ?? ''}: ${message}`);
}
