import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../api/networking.ts';
import { formatSelector, isEmptySelector } from '../../apimachinery/label-selector.ts';
import type { Describer } from './around.ts';
import { annotationColumn, labelColumn, Text } from './text.ts';

/** `describeNetworkPolicy`. */
export const networkPolicy: Describer<NetworkPolicy> = {
  silent: true,
  text({ metadata, spec }) {
    const { podSelector = {}, ingress = [], egress = [], policyTypes = [] } = spec;
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    text.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
    text.line(0, `Created on:\t${goTime(metadata.creationTimestamp)}`);
    labelColumn(text, 'Labels', metadata.labels);
    annotationColumn(text, 'Annotations', metadata.annotations);
    text.line(0, 'Spec:');
    const whom = isEmptySelector(podSelector)
      ? '<none> (Allowing the specific traffic to all pods in this namespace)'
      : formatSelector(podSelector);
    // Upstream moves the second half of the line in as if it were one of its own.
    text.line(1, `PodSelector:     ${whom}`);
    const takesIn = policyTypes.length === 0 || policyTypes.includes('Ingress');
    const sendsOut = policyTypes.length === 0 ? egress.length > 0 : policyTypes.includes('Egress');
    text.line(1, takesIn ? 'Allowing ingress traffic:' : 'Not affecting ingress traffic');
    if (takesIn) {
      const rules = ingress.map(({ ports, from }) => ({ ports, peers: from }));
      describeRules(text, rules, INGRESS);
    }
    text.line(1, sendsOut ? 'Allowing egress traffic:' : 'Not affecting egress traffic');
    if (sendsOut) {
      const rules = egress.map(({ ports, to }) => ({ ports, peers: to }));
      describeRules(text, rules, EGRESS);
    }
    text.line(1, `Policy Types: ${policyTypes.join(', ') || '<none>'}`);
    return text.toString();
  },
};

/** A moment as Go prints it by itself. */
const goTime = (timestamp = ''): string => timestamp.replace('T', ' ').replace('Z', ' +0000 UTC');

interface Rule {
  readonly ports?: readonly NetworkPolicyPort[];
  readonly peers?: readonly NetworkPolicyPeer[];
}

const INGRESS = { name: 'ingress', peer: 'From', anybody: 'source' };
const EGRESS = { name: 'egress', peer: 'To', anybody: 'destination' };

function describeRules(text: Text, rules: readonly Rule[], words: typeof INGRESS): void {
  if (rules.length === 0) {
    const why = `Selected pods are isolated for ${words.name} connectivity`;
    return text.line(2, `<none> (${why})`);
  }
  rules.forEach(({ ports = [], peers = [] }, i) => {
    if (i > 0) text.line(2, '----------');
    if (ports.length === 0) text.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port = '<nil>', endPort, protocol = 'TCP' } of ports) {
      if (endPort === undefined) text.line(2, `To Port: ${port}/${protocol}`);
      else text.line(2, `To Port Range: ${port}-${endPort}/${protocol}`);
    }
    if (peers.length === 0) {
      text.line(2, `${words.peer}: <any> (traffic not restricted by ${words.anybody})`);
    }
    for (const peer of peers) describePeer(text, peer, words.peer);
  });
}

function describePeer(text: Text, peer: NetworkPolicyPeer, title: string): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  text.line(2, `${title}:`);
  if (namespaceSelector) text.line(3, `NamespaceSelector: ${formatSelector(namespaceSelector)}`);
  if (podSelector) text.line(3, `PodSelector: ${formatSelector(podSelector)}`);
  if (namespaceSelector || podSelector || !ipBlock) return;
  text.line(3, 'IPBlock:');
  text.line(4, `CIDR: ${ipBlock.cidr}`);
  text.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
}
