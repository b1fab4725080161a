// The content of the page, and what finds and makes elements of it.
const data = JSON.parse(document.getElementById("data").textContent);
const specs = data.specs;
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// What a class of images is called: `digit`, unless they show something else.
const className = () => (data.predictions.classes.join("") === "0123456789" ? "digit" : "class");

const show = (id, on) => { $(`#${id}`).hidden = !on; return on; };
