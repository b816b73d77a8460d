// Makes the mutants of a C source: each is the source with one small mistake, as people make them.
//
// It knows tokens and brackets, but not C: the compiler finds the mutants that are not valid.
//
// SPDX-License-Identifier: Apache-2.0
'use strict';

// In this order: comments, #include lines, strings and characters; numbers; words; operators; white space and the rest.
const TOKEN = new RegExp([/\/\*[^]*?\*\//, /#\s*include[^\n]*/, /"(?:\\.|[^"\\])*"/, /'(?:\\.|[^'\\])+'/, /\d\w*/, /\w+/,
  /<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\+\+|--|->/, /\s+/, /[^]/].map((part) => part.source).join('|'), 'g');

const OPERATORS = {
  relation: { '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '==': ['!='], '!=': ['=='] },
  arithmetic: { '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['/'], '&': ['|'], '|': ['&'], '^': ['|'], '<<': ['>>'],
    '>>': ['<<'], '++': ['--'], '--': ['++'], '+=': ['-='], '-=': ['+='], '*=': ['/='], '|=': ['&='], '&=': ['|='],
    '<<=': ['>>='], '>>=': ['<<='] },
  logic: { '&&': ['||'], '||': ['&&'], '!': [''], true: ['false'], false: ['true'] },
  condition: { '?': ['== 0 ?'] },
};

const isSpace = (token) => /^(\s|\/\*)/.test(token);
const isConstant = (token) => /^(\d|'|[A-Z][A-Z0-9_]+$)/.test(token);
const isNumber = (token) => /^(\d|')/.test(token);

/** The index of the bracket that closes the one at `open`. */
function closing(tokens, open) {
  let depth = 0;

  for (let i = open; ; i++) {
    depth += '([{'.includes(tokens[i]) - ')]}'.includes(tokens[i]);
    if (depth === 0)
      return i;
  }
}

/** The replacements of a single token: [operator, replacement]. */
function* replacements(token) {
  for (const [operator, table] of Object.entries(OPERATORS))
    for (const replacement of Object.hasOwn(table, token) ? table[token] : [])
      yield [operator, replacement];
  if (isConstant(token))
    yield ['constant', `(${token} + 1)`];
  if (isNumber(token))
    yield ['constant', `(${token} - 1)`];
}

/** Each statement that ends in a semicolon and is not empty: the indexes of its first token and of the semicolon. */
function* statements(tokens) {
  let start = 0;
  let depth = 0;

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];

    if (/^(if|while|for|switch)$/.test(token)) {
      i = closing(tokens, tokens.indexOf('(', i));
      start = i + 1;
    } else if (token === '(' || token === '[') {
      i = closing(tokens, i);
    } else if ('{};'.includes(token) || /^(else|do)$/.test(token) || (token === ':' && /^(case|default)$/.test(tokens[start]))) {
      if (token === ';' && start < i && depth > 0)
        yield [start, i];
      depth += (token === '{') - (token === '}');
      start = i + 1;
    }
    while (start < tokens.length && isSpace(tokens[start]))
      start++;
  }
}

/** The replacements of several tokens: [operator, first index, index after the last, replacement]. */
function* rewrites(tokens) {
  for (const [i, token] of tokens.entries()) {
    if (token === 'if' || token === 'while') {
      const open = tokens.indexOf('(', i);
      const close = closing(tokens, open);

      yield ['condition', open, close + 1, `(!${tokens.slice(open, close + 1).join('')})`];
    }
  }
  for (const [start, end] of statements(tokens)) {
    if (tokens[start] !== 'return' || end === start + 1)
      yield ['statement', start, end, ''];
    else if (end - start > 3 || !(tokens[start + 2] in OPERATORS.logic || isConstant(tokens[start + 2])))
      yield* [['return', start + 1, end, ' 0'], ['return', start + 1, end, ' 1']];
  }
}

/** The mutants of a source: [{ operator, line, was, is, source }], the line's text before and after. */
function mutants(source) {
  const tokens = source.match(TOKEN);
  const found = [];
  const add = (operator, from, to, replacement) => {
    const before = tokens.slice(0, from).join('');
    const removed = tokens.slice(from, to).join('');
    const line = before.split('\n').length;
    // Lines keep their numbers.
    const missing = '\n'.repeat(removed.split('\n').length - replacement.split('\n').length);
    const mutant = before + replacement + missing + tokens.slice(to).join('');

    found.push({ operator, line, was: source.split('\n')[line - 1].trim(), is: mutant.split('\n')[line - 1].trim(), source: mutant });
  };

  for (const [i, token] of tokens.entries())
    for (const [operator, replacement] of replacements(token))
      add(operator, i, i + 1, replacement);
  for (const rewrite of rewrites(tokens))
    add(...rewrite);
  return found;
}

module.exports = { mutants };
