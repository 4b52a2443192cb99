/**
 * What every Kubernetes object has in common: `metav1.ObjectMeta` and its neighbours, with their
 * wire names (staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go, v1.36).
 */
export type Labels = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Which fields somebody manages (`metav1.ManagedFieldsEntry`). */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** A tree of path elements: `f:spec`, `k:{"name":"web"}`, `v:"a"`, and `.` for the thing itself. */
export interface FieldsV1 {
  readonly [element: string]: FieldsV1;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** An object as a client sends it: the server fills in the rest of the metadata and the status. */
export type Draft<T extends KubeObject> = Omit<T, 'metadata' | 'status'> & {
  readonly metadata: Partial<ObjectMeta>;
  readonly status?: unknown;
};

/** A condition of a status: one of `type`s, each True, False or Unknown. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
  readonly lastHeartbeatTime?: string;
  readonly lastProbeTime?: null;
  readonly observedGeneration?: number;
}

/** The fields of a map but one. */
export function without<T>(map: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

/** The reference to the one owner that manages an object, if it has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

/** The owner reference that a controller writes into what it makes. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** `namespace/name`, or the name alone for objects of the cluster. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** How trace records name an object: `Pod default/web-5d9c7-x2k4q`. */
export function describeObject(object: KubeObject): string {
  if (object === lastDescribed) return lastText;
  const { kind, metadata } = object;
  const { name, namespace } = metadata;
  let known = described.get(name);
  if (known?.kind !== kind || known.namespace !== namespace) {
    const text = namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
    if (described.size >= DESCRIBED) described.clear();
    known = { kind, namespace, text };
    described.set(name, known);
  }
  lastDescribed = object;
  lastText = known.text;
  return lastText;
}

/** The last texts by name: many records are about one object, and share its text. */
let lastDescribed: KubeObject | undefined;
let lastText = '';
const described = new Map<string, { kind: string; namespace: string | undefined; text: string }>();
const DESCRIBED = 8192;

/** Namespace and name of a key; the namespace is empty for objects of the cluster. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The conditions with one set. Unless its status changes it keeps the time of its last transition;
 * when nothing but times would change the list itself is given back.
 */
export function setCondition(
  conditions: readonly Condition[],
  next: Condition,
): readonly Condition[] {
  const old = findCondition(conditions, next.type);
  if (!old) return [...conditions, next];
  if (old.status === next.status && old.reason === next.reason && old.message === next.message)
    return conditions;
  const lastTransitionTime =
    old.status === next.status ? old.lastTransitionTime : next.lastTransitionTime;
  const merged = { ...next, lastTransitionTime };
  return conditions.map((condition) => (condition.type === next.type ? merged : condition));
}
