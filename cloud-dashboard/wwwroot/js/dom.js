// Elements and colours of the page, for what is drawn by script.

/** A colour (or other property) of the theme that the page has now. */
export const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
