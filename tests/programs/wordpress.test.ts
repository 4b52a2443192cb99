import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/**
 * The advanced example of Docker's guide to secrets: WordPress and MySQL with generated passwords,
 * of which one is rotated (docs.docker.com/engine/swarm/secrets).
 */
function blog() {
  const session = new Session({ preset: 'swarm', seed: 1 });
  const printed = (line: string): string => session.type(line).printed;
  printed('docker swarm init; docker network create -d overlay mysql_private');
  printed('openssl rand -base64 20 | docker secret create mysql_password -');
  printed('openssl rand -base64 20 | docker secret create mysql_root_password -');
  printed(
    'docker service create -d --name mysql --network mysql_private ' +
      '--mount type=volume,source=mydata,destination=/var/lib/mysql ' +
      '--secret mysql_root_password --secret mysql_password ' +
      '-e MYSQL_ROOT_PASSWORD_FILE=/run/secrets/mysql_root_password ' +
      '-e MYSQL_PASSWORD_FILE=/run/secrets/mysql_password ' +
      '-e MYSQL_USER=wordpress -e MYSQL_DATABASE=wordpress mysql:latest',
  );
  printed(
    'docker service create -d --name wordpress --network mysql_private -p 30000:80 ' +
      '--mount type=volume,source=wpdata,destination=/var/www/html ' +
      '--secret source=mysql_password,target=wp_db_password -e WORDPRESS_DB_HOST=mysql:3306 ' +
      '-e WORDPRESS_DB_USER=wordpress -e WORDPRESS_DB_PASSWORD_FILE=/run/secrets/wp_db_password ' +
      '-e WORDPRESS_DB_NAME=wordpress wordpress:latest',
  );
  printed('sleep 60');
  return printed;
}

const STATUS = "curl -s -o /dev/null -w '%{http_code}' localhost:30000";

describe('WordPress and MySQL', () => {
  it('meet by a generated password', () => {
    const printed = blog();
    expect(printed(STATUS)).toBe('302');
    expect(printed('curl -sL localhost:30000')).toContain('Installation');
    printed('docker service scale mysql=0; sleep 10');
    expect(printed(STATUS)).toBe('500');
    expect(printed('curl -s localhost:30000')).toContain(
      'Error establishing a database connection',
    );
  });

  it('meet again once both have the new password', () => {
    const printed = blog();
    printed('openssl rand -base64 20 | docker secret create mysql_password_v2 -');
    printed('docker service update --secret-rm mysql_password mysql');
    printed(
      'docker service update --secret-add source=mysql_password,target=old_mysql_password ' +
        '--secret-add source=mysql_password_v2,target=mysql_password mysql; sleep 10',
    );
    const mysql = '$(docker ps --filter name=mysql -q)';
    const rotate =
      'mysqladmin --user=wordpress --password="$(< /run/secrets/old_mysql_password)" ' +
      'password "$(< /run/secrets/mysql_password)"';
    expect(printed(`docker container exec ${mysql} bash -c '${rotate}'`)).toContain(
      'Warning: Since password will be sent to server in plain text',
    );
    expect(printed(STATUS)).toBe('500');
    printed(
      'docker service update --secret-rm mysql_password ' +
        '--secret-add source=mysql_password_v2,target=wp_db_password wordpress; sleep 10',
    );
    expect(printed(STATUS)).toBe('302');
  });

  it('never get the same password twice, and the same ones in the same world', () => {
    const passwords = (): string[] => {
      const session = new Session({ preset: 'host', seed: 7 });
      return [1, 2].map(() => session.type('openssl rand -base64 20').printed);
    };
    const [first, second] = passwords();
    expect(first).toMatch(/^[A-Za-z0-9+/]{27}=\n$/);
    expect(second).not.toBe(first);
    expect(passwords()).toEqual([first, second]);
  });
});
