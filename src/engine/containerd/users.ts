/**
 * As whom a process runs: `name`, `uid`, `name:group`, `uid:gid`, looked up in the container's own
 * /etc/passwd and /etc/group (moby/sys `user/user.go`, GetExecUser; words of moby v29
 * `daemon/oci_linux.go`, getUser).
 */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly name: string;
  readonly home: string;
}

const ID_LIMIT = 2 ** 31 - 1;
const NUMBER = /^\d{1,10}$/;

const rowsOf = (text: string | undefined): string[][] =>
  (text ?? '').split('\n').map((line) => line.split(':'));

/** Who is one in more groups, by their names or numbers; a text says which there is none of. */
export function withGroups(
  user: User | string,
  added: readonly string[],
  read: (path: string) => string | undefined,
): User | string {
  if (typeof user === 'string' || added.length === 0) return user;
  const rows = rowsOf(read('/etc/group'));
  const more: number[] = [];
  for (const wanted of added) {
    const id = rows.find(([name, , one]) => name === wanted || one === wanted)?.[2];
    if (id === undefined && !NUMBER.test(wanted)) {
      return `unable to find group ${wanted}: no matching entries in group file`;
    }
    more.push(Number(id ?? wanted));
  }
  return { ...user, groups: [...user.groups, ...more] };
}

/** The user of a specification such as `nobody` or `1000:1000`; a text says why there is none. */
export function findUser(spec: string, read: (path: string) => string | undefined): User | string {
  const [userText, groupText] = spec.split(':', 2) as [string, string?];
  const accounts = rowsOf(read('/etc/passwd'));
  const number = NUMBER.test(userText) ? Number(userText) : undefined;
  const wanted = userText === '' ? 0 : number;
  const account = accounts.find(
    ([name, , uid]) =>
      (userText !== '' && name === userText) || (wanted !== undefined && uid === String(wanted)),
  );
  if (!account && userText !== '' && number === undefined) {
    return `unable to find user ${userText}: no matching entries in passwd file`;
  }
  if (wanted !== undefined && wanted > ID_LIMIT) {
    return 'uids and gids must be in range 0-2147483647';
  }
  const [name = '', , uid, gid, , home] = account ?? [];
  const base = {
    uid: account ? Number(uid) : (wanted ?? 0),
    gid: account ? Number(gid) : 0,
    name: account ? name : String(wanted ?? 0),
    home: home !== undefined && home !== '' ? home : '/',
  };
  const groups = rowsOf(read('/etc/group'));
  if (groupText === undefined || groupText === '') {
    const member = groups.filter(
      ([, , id, names = '']) => NUMBER.test(id ?? '') && names.split(',').includes(base.name),
    );
    return { ...base, groups: member.map(([, , id]) => Number(id)) };
  }
  const group = groups.find(([name, , id]) => name === groupText || id === groupText);
  if (!group && !NUMBER.test(groupText)) {
    return `unable to find group ${groupText}: no matching entries in group file`;
  }
  return { ...base, gid: group ? Number(group[2]) : Number(groupText), groups: [] };
}
