/** Quantities by the name of a resource: `{cpu: '500m', memory: '1Gi'}`. */
export type ResourceAmounts = Readonly<Record<string, string | number>>;
