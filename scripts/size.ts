import { SIZE_LIMIT_BYTES, kilobytes, weighClient } from './src/size.ts';

const { minified, gzipped } = await weighClient();
const limit = kilobytes(SIZE_LIMIT_BYTES);
console.log(
  `@ringline/client for browsers: ${kilobytes(gzipped)} gzipped of at most ${limit} (${kilobytes(minified)} minified)`,
);
if (gzipped > SIZE_LIMIT_BYTES) {
  console.error(`size: ${kilobytes(gzipped - SIZE_LIMIT_BYTES)} too much`);
  process.exitCode = 1;
}
