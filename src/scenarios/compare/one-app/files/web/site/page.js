const ask = async (name) => (await (await fetch(`/api/${name}`)).json())[name];

for (const name of ['greeting', 'visits']) {
  ask(name).then((value) => {
    document.getElementById(name).textContent = value;
  });
}

ask('books').then((books) => {
  const items = books.map(({ title, author }) => {
    const item = document.createElement('li');
    item.textContent = `${title} (${author})`;
    return item;
  });
  document.getElementById('books').append(...items);
});
