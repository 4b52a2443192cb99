import { Session } from '../../src/engine/session.ts';
import { timed, type Benchmark, type Measured } from './benchmark.ts';

const NODES = 100;
const PER_NODE = 10;
/** Nobody waits longer for a thousand Pods. */
const LIMIT = '600s';

const web = (replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  progressDeadlineSeconds: 600
  strategy:
    rollingUpdate:
      maxSurge: 100%
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.29-alpine
          resources:
            requests:
              cpu: 50m
`;

function type(session: Session, line: string): void {
  const { exitCode, printed } = session.type(line);
  if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
}

/** A Deployment from its manifest until every Pod of it is ready, by kubectl. */
const pods: Benchmark = (): Measured[] => {
  const session = new Session({ preset: `nodes-${NODES}`, seed: 1 });
  const count = NODES * PER_NODE;
  // Every node has the image before the time is taken.
  session.write('web.yaml', web(NODES));
  type(session, 'kubectl apply -f web.yaml');
  type(session, `kubectl rollout status deployment/web --timeout=${LIMIT}`);
  session.write('web.yaml', web(NODES + count));
  const ms = timed(() => {
    type(session, 'kubectl apply -f web.yaml');
    type(session, `kubectl rollout status deployment/web --timeout=${LIMIT}`);
  });
  return [
    { name: `kubernetes.pods_per_second.${NODES}`, value: (count / ms) * 1000, unit: '1/s' },
    { name: `kubernetes.us_per_pod.${NODES}`, value: (ms * 1000) / count, unit: 'us' },
  ];
};

export const kubernetes: readonly Benchmark[] = [pods];
