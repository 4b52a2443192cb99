import { describe, expect, it } from 'vitest';
import { formatQuantity } from '../apimachinery/quantity.ts';
import { podQuantities, podRequests, qosClass } from './pod-resources.ts';
import type { Container, PodSpec, Resources } from './pod.ts';

const container = (resources: Resources, restartPolicy?: 'Always'): Container => ({
  name: 'c',
  image: 'a:1',
  resources,
  ...(restartPolicy && { restartPolicy }),
});
const asking = (cpu: string, memory: string, restartPolicy?: 'Always') =>
  container({ requests: { cpu, memory } }, restartPolicy);
const millis = (spec: PodSpec) => podRequests(spec).cpuMillis;

describe('what a Pod asks for', () => {
  it('is the sum of its containers', () => {
    const spec = { containers: [asking('100m', '1Ki'), asking('200m', '1Ki')] };
    expect(podRequests(spec)).toEqual({ cpuMillis: 300, memoryBytes: 2048 });
  });

  it('is its largest init container when that is more', () => {
    const initContainers = [asking('1', '1Ki'), asking('2', '1Ki')];
    expect(millis({ containers: [asking('500m', '1Ki')], initContainers })).toBe(2000);
  });

  it('counts sidecars with the containers, and with the init containers that start after them', () => {
    const containers = [asking('500m', '1Ki')];
    const sidecar = asking('300m', '1Ki', 'Always');
    expect(millis({ containers, initContainers: [sidecar] })).toBe(800);
    expect(millis({ containers, initContainers: [sidecar, asking('1', '1Ki')] })).toBe(1300);
    expect(millis({ containers, initContainers: [asking('1', '1Ki'), sidecar] })).toBe(1000);
  });

  it('is what the Pod as a whole asks for, where it does, and overhead on top', () => {
    const spec: PodSpec = {
      containers: [asking('500m', '1Ki')],
      resources: { requests: { cpu: '2' } },
      overhead: { cpu: '250m' },
    };
    expect(podRequests(spec)).toEqual({ cpuMillis: 2250, memoryBytes: 1024 });
  });

  it('is a little for scoring even when it is nothing', () => {
    expect(podRequests({ containers: [container({})] }, true)).toEqual({
      cpuMillis: 100,
      memoryBytes: 200 * 1024 * 1024,
    });
    expect(podRequests({ containers: [asking('0', '0')] }, true).cpuMillis).toBe(0);
  });

  it('is exact for quotas, whatever its name', () => {
    const gpu = container({ requests: { 'example.com/gpu': 1, cpu: '1m' }, limits: { cpu: '1' } });
    const spec: PodSpec = { containers: [gpu, gpu], overhead: { cpu: '1', memory: '1Mi' } };
    const shown = (part: 'requests' | 'limits') =>
      Object.fromEntries(
        Object.entries(podQuantities(spec, part)).map(([name, amount]) => [
          name,
          formatQuantity(amount),
        ]),
      );
    expect(shown('requests')).toEqual({ 'example.com/gpu': '2', cpu: '1002m', memory: '1Mi' });
    expect(shown('limits')).toEqual({ cpu: '3' });
  });
});

describe('quality of service', () => {
  const both = (cpu: string, memory: string): Resources => ({
    requests: { cpu, memory },
    limits: { cpu, memory },
  });

  it('is guaranteed when all containers, init ones too, get what they ask for', () => {
    const containers = [container(both('1', '1Gi'))];
    expect(qosClass({ containers })).toBe('Guaranteed');
    expect(qosClass({ containers, initContainers: [container({})] })).toBe('Burstable');
  });

  it('is best effort when nobody asks, zero being nothing', () => {
    expect(qosClass({ containers: [container(both('0', '0'))] })).toBe('BestEffort');
    expect(qosClass({ containers: [container({ limits: { 'example.com/gpu': 1 } })] })).toBe(
      'BestEffort',
    );
  });

  it('is that of the Pod as a whole', () => {
    const spec = { containers: [container({})], resources: both('1', '1Gi') };
    expect(qosClass(spec)).toBe('Guaranteed');
    expect(qosClass({ ...spec, resources: { requests: { cpu: '1' } } })).toBe('Burstable');
  });
});
