// What the scripts that make data files share: a shuffle that is the same everywhere, and the IDX format.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const side = 28;

/** Fisher-Yates with splitmix64, so that everybody gets the same order from the same seed. */
export function shuffled(items, seed) {
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

/** Writes FOLDER/NAME-images-idx3-ubyte.gz and FOLDER/NAME-labels-idx1-ubyte.gz from a list of { image, label }. */
export function writeSamples(folder, name, samples) {
  write(join(folder, `${name}-images-idx3-ubyte.gz`), [samples.length, side, side], Buffer.concat(samples.map(s => s.image)));
  write(join(folder, `${name}-labels-idx1-ubyte.gz`), [samples.length], Buffer.from(samples.map(s => s.label)));
}

// IDX: two zero bytes, the element type (8: unsigned byte), the number of dimensions, each dimension big-endian, the elements.
function write(path, dimensions, content) {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(dimensions.length, 3);
  dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  writeFileSync(path, gzipSync(Buffer.concat([header, content]), { level: 9 }));
}
