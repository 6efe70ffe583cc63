const WIDTH = 100;

/** JSON as the formatter writes it: on one line where it fits, else one level at a time. */
export function prettyJson(value: unknown, indent = '', before = 0): string {
  const isList = Array.isArray(value);
  const flat = flatJson(value);
  const fits = indent.length + before + flat.length < WIDTH;
  if (typeof value !== 'object' || value === null || (fits && !isTable(value))) return flat;
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([name, item]: [string, unknown]) => {
    const key = isList ? '' : `${JSON.stringify(name)}: `;
    return `${inner}${key}${prettyJson(item, inner, key.length)}`;
  });
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return [open, lines.join(',\n'), `${indent}${close}`].join('\n');
}

/** The formatter puts each row of a list of objects on a line of its own, however short. */
function isTable(value: object): boolean {
  const hasSeveralFields = (item: unknown) =>
    typeof item === 'object' && item !== null && Object.keys(item).length > 1;
  return Array.isArray(value) && value.length > 1 && value.every(hasSeveralFields);
}

function flatJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, item]: [string, unknown]) => `${JSON.stringify(name)}: ${flatJson(item)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
