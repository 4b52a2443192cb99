CREATE TABLE books (
  id serial PRIMARY KEY,
  title text NOT NULL,
  author text NOT NULL
);

INSERT INTO books (title, author) VALUES
  ('The Soul of a New Machine', 'Tracy Kidder'),
  ('A Canticle for Leibowitz', 'Walter M. Miller'),
  ('The Sea Around Us', 'Rachel Carson');
