/** What `kubectl` says of itself (staging/src/k8s.io/kubectl/pkg/cmd/cmd.go, v1.36). */
interface Group {
  readonly title: string;
  readonly commands: readonly (readonly [name: string, what: string])[];
}

/** The commands that there are, under the headings and with the words of the real ones. */
const GROUPS: readonly Group[] = [
  {
    title: 'Basic Commands (Beginner)',
    commands: [['set', 'Set specific features on objects']],
  },
  {
    title: 'Basic Commands (Intermediate)',
    commands: [
      ['get', 'Display one or many resources'],
      [
        'delete',
        'Delete resources by file names, stdin, resources and names, or by resources and label selector',
      ],
    ],
  },
  {
    title: 'Deploy Commands',
    commands: [
      ['rollout', 'Manage the rollout of a resource'],
      ['scale', 'Set a new size for a deployment, replica set, or replication controller'],
    ],
  },
  {
    title: 'Troubleshooting and Debugging Commands',
    commands: [['describe', 'Show details of a specific resource or group of resources']],
  },
  {
    title: 'Advanced Commands',
    commands: [['apply', 'Apply a configuration to a resource by file name or stdin']],
  },
];

export const KUBECTL_COMMANDS: readonly string[] = GROUPS.flatMap(({ commands }) =>
  commands.map(([name]) => name),
);

const NAME_WIDTH = 16;

/**
 * The text of `kubectl`, `kubectl help` and `kubectl --help`.
 *
 * Simplified: it lists what is modelled; the help of single commands is left out.
 */
export function helpText(): string {
  const groups = GROUPS.map(({ title, commands }) => {
    const lines = commands.map(([name, what]) => `  ${name.padEnd(NAME_WIDTH)}${what}\n`);
    return `${title}:\n${lines.join('')}\n`;
  });
  return (
    'kubectl controls the Kubernetes cluster manager.\n\n' +
    ' Find more information at: https://kubernetes.io/docs/reference/kubectl/\n\n' +
    groups.join('') +
    'Usage:\n  kubectl [flags] [options]\n\n' +
    'Use "kubectl <command> --help" for more information about a given command.\n' +
    'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'
  );
}
