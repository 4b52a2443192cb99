import type { Ingress, IngressClass } from '../../api/networking.ts';
import type { Plugin } from './plugin.ts';
import { newestDefault } from './newest-default.ts';

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const OLD_CLASS = 'kubernetes.io/ingress.class';

/**
 * An Ingress that names no class gets the default one
 * (plugin/pkg/admission/network/defaultingressclass/admission.go, v1.36).
 */
export const defaultIngressClass: Plugin = (backend, { operation }, object) => {
  if (operation !== 'CREATE') return object;
  const ingress = object as Ingress;
  const { annotations } = ingress.metadata;
  if (ingress.spec.ingressClassName !== undefined || annotations?.[OLD_CLASS] !== undefined) {
    return ingress;
  }
  const classes = backend.store.inNamespace('ingressclasses', '') as readonly IngressClass[];
  const chosen = newestDefault(classes, [DEFAULT_CLASS]);
  if (!chosen) return ingress;
  const spec = { ...ingress.spec, ingressClassName: chosen.metadata.name };
  return { ...ingress, spec } as Ingress;
};
