import type { IngressClass, NetworkPolicy, NetworkPolicyPort } from '../networking.ts';
import { fillMissing, mapKept, withFields } from './filling.ts';

/** NetworkPolicy and IngressClass (pkg/apis/networking/v1/defaults.go, v1.36). */
export function networkPolicyDefaults(policy: NetworkPolicy): NetworkPolicy {
  const spec = fillMissing(policy.spec ?? {}, { podSelector: {} });
  const { ingress, egress, policyTypes = [] } = spec;
  const implied: NetworkPolicy['spec']['policyTypes'] =
    (egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return withFields(policy, {
    spec: withFields(spec, {
      policyTypes: policyTypes.length === 0 ? implied : policyTypes,
      ingress: ingress && mapKept(ingress, withProtocols),
      egress: egress && mapKept(egress, withProtocols),
    }),
  });
}

function withProtocols<T extends { readonly ports?: readonly NetworkPolicyPort[] }>(rule: T): T {
  if (!rule.ports) return rule;
  const ports = mapKept(rule.ports, (port) => fillMissing(port, { protocol: 'TCP' }));
  return ports === rule.ports ? rule : { ...rule, ports };
}

export function ingressClassDefaults(ingressClass: IngressClass): IngressClass {
  const spec = ingressClass.spec ?? {};
  const parameters = spec.parameters && fillMissing(spec.parameters, { scope: 'Cluster' });
  return withFields(ingressClass, { spec: withFields(spec, { parameters }) });
}
