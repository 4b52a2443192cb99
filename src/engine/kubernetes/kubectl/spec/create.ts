import {
  CREATE_DEPLOYMENT,
  CREATE_JOB,
  CREATE_CRONJOB,
  CREATE_PODDISRUPTIONBUDGET,
  CREATE_PRIORITYCLASS,
  CREATE_QUOTA,
  CREATE_INGRESS,
} from './create-workloads.ts';
import {
  CREATE_ROLE,
  CREATE_CLUSTERROLE,
  CREATE_ROLEBINDING,
  CREATE_CLUSTERROLEBINDING,
  CREATE_SERVICEACCOUNT,
  CREATE_TOKEN,
} from './create-access.ts';
import {
  CREATE_CONFIGMAP,
  CREATE_SECRET,
  CREATE_NAMESPACE,
  CREATE_SERVICE,
} from './create-data.ts';
import type { CommandSpec } from './command-spec.ts';

export const CREATE: CommandSpec = {
  short: 'Create a resource from a file or from stdin',
  long: `Create a resource from a file or from stdin.

 JSON and YAML formats are accepted.`,
  examples: `# Create a pod using the data in pod.json
kubectl create -f ./pod.json

# Create a pod based on the JSON passed into stdin
cat pod.json | kubectl create -f -

# Edit the data in registry.yaml in JSON then create the resource using the edited data
kubectl create -f registry.yaml --edit -o json`,
  use: '-f FILENAME',
  hidden: '*record',
  flags: `
*allow-missing-template-keys *dry-run
--edit bool=false: Edit the API resource before creating
*field-manager
-f, --filename stringSlice=[]: Filename, directory, or URL to files to use to create the resource
*kustomize *output
--raw string=: Raw URI to POST to the server.  Uses the transport specified by the kubeconfig
> file.
*recursive *save-config *selector *show-managed-fields *template *validate
--windows-line-endings bool=false: Only relevant if --edit=true. Defaults to the line ending
> native to your platform.
`,
  commands: {
    clusterrole: CREATE_CLUSTERROLE,
    clusterrolebinding: CREATE_CLUSTERROLEBINDING,
    configmap: CREATE_CONFIGMAP,
    cronjob: CREATE_CRONJOB,
    deployment: CREATE_DEPLOYMENT,
    ingress: CREATE_INGRESS,
    job: CREATE_JOB,
    namespace: CREATE_NAMESPACE,
    poddisruptionbudget: CREATE_PODDISRUPTIONBUDGET,
    priorityclass: CREATE_PRIORITYCLASS,
    quota: CREATE_QUOTA,
    role: CREATE_ROLE,
    rolebinding: CREATE_ROLEBINDING,
    secret: CREATE_SECRET,
    service: CREATE_SERVICE,
    serviceaccount: CREATE_SERVICEACCOUNT,
    token: CREATE_TOKEN,
  },
};
