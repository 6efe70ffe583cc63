import { SIZE_LIMIT_BYTES, kilobytes, weigh } from './src/size.ts';

const { minified, gzipped } = await weigh('client');
const limit = kilobytes(SIZE_LIMIT_BYTES);
console.log(
  `@ringline/client for browsers: ${kilobytes(gzipped)} gzipped of at most ${limit} (${kilobytes(minified)} minified)`,
);
if (gzipped > SIZE_LIMIT_BYTES) {
  console.error(`size: ${kilobytes(gzipped - SIZE_LIMIT_BYTES)} too much`);
  process.exitCode = 1;
}

const elements = await weigh('elements');
console.log(
  `@ringline/elements with the SDK and Lit: ${kilobytes(elements.gzipped)} gzipped (${kilobytes(elements.minified)} minified)`,
);

for (const door of ['agora', 'anyrtc']) {
  const { gzipped: weight, minified: whole } = await weigh('compat', `src/rtm/${door}.ts`);
  console.log(
    `@ringline/compat/rtm/${door} with the SDK: ${kilobytes(weight)} gzipped (${kilobytes(whole)} minified)`,
  );
}
