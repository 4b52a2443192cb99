import { describe, expect, it } from 'vitest';
import { asObjects, asPsql, runSql, statementsOf, type SqlTables } from './postgres-tables.ts';

/** Runs statements in order; gives what the last one comes to. */
function after(sql: string) {
  let tables: SqlTables = {};
  let last: ReturnType<typeof runSql>;
  for (const statement of statementsOf(sql)) {
    last = runSql(tables, statement);
    if (last && 'tag' in last) tables = last.tables;
  }
  return last;
}

const SHELF = `
  create table books (id serial primary key, title text not null, pages int); -- a comment; with one
  insert into books (title, pages) values ('It''s; fine', 90), ('Dune, one', 412);`;

const rowsOf = (sql: string) => {
  const outcome = after(`${SHELF}${sql}`);
  return outcome && 'result' in outcome ? asObjects(outcome.result) : outcome;
};

describe('tables of postgres', () => {
  it('keep rows, count serial columns up, and read quotes, commas and semicolons in texts', () => {
    expect(rowsOf('select * from books')).toEqual([
      { id: 1, title: "It's; fine", pages: 90 },
      { id: 2, title: 'Dune, one', pages: 412 },
    ]);
  });

  it('select columns, by a value, in an order, so many', () => {
    expect(rowsOf('select title from books order by pages desc limit 1')).toEqual([
      { title: 'Dune, one' },
    ]);
    expect(rowsOf("select id from books where title = 'Dune, one'")).toEqual([{ id: 2 }]);
    expect(rowsOf('select count(*) from books')).toEqual([{ count: 2 }]);
  });

  it('tell how many rows were written and removed', () => {
    expect(after(SHELF)).toMatchObject({ tag: 'INSERT 0 2' });
    expect(after(`${SHELF} delete from books where id = 1`)).toMatchObject({ tag: 'DELETE 1' });
  });

  it('refuse what is not there and what is there already', () => {
    const errorOf = (sql: string) => after(`${SHELF}${sql}`);
    expect(errorOf('select isbn from books')).toEqual({
      error: 'ERROR:  column "isbn" does not exist',
    });
    expect(errorOf('create table books (id int)')).toEqual({
      error: 'ERROR:  relation "books" already exists',
    });
    expect(errorOf('insert into shelves values (1)')).toEqual({
      error: 'ERROR:  relation "shelves" does not exist',
    });
  });

  it('are printed as psql prints them', () => {
    const outcome = after(`${SHELF} select id, title from books order by id`);
    expect(outcome && 'result' in outcome && asPsql(outcome.result)).toBe(
      " id |   title    \n----+------------\n  1 | It's; fine\n  2 | Dune, one\n(2 rows)\n\n",
    );
  });
});
