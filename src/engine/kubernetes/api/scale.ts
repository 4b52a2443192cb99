import type { KubeObject } from '../apimachinery/object.ts';

/**
 * `autoscaling/v1` Scale: the size of a Deployment, ReplicaSet or StatefulSet, whatever else the
 * kind holds (staging/src/k8s.io/api/autoscaling/v1/types.go, v1.36).
 */
export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly replicas: number;
    /** The selector of its Pods as a text, `app=web`. */
    readonly selector?: string;
  };
}
