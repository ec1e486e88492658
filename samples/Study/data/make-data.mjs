// Makes the brain files beside this script from Debian's package "mricron-data" (see README.md):
//   apt-get download mricron-data && dpkg-deb -x mricron-data_*.deb package && node make-data.mjs package
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { shuffled, writeSamples } from '../../Common/idx-files.mjs';

// Both volumes: voxels of 1 mm, from left to right, back to front, bottom to top.
const [width, depth, height] = [181, 217, 181];
const side = 28;
const millimetersPerPixel = 2;
// Tissue has values up to some 120. Finer steps hold little but noise, and a third more bytes.
const brightening = 2;
const step = 4;
// The middle slice belongs to neither half, nor do its neighbours, which show much the same.
const middle = 90;
const gap = 5;
// The atlas' numbers of the structure's parts in the left half; those in the right half are one more.
const structures = [
  { name: 'precentral gyrus', parts: [1] },
  { name: 'middle frontal gyrus', parts: [7] },
  { name: 'insula', parts: [29] },
  { name: 'middle cingulate gyrus', parts: [33] },
  { name: 'hippocampus', parts: [37] },
  { name: 'calcarine cortex', parts: [43] },
  { name: 'precuneus', parts: [67] },
  { name: 'putamen', parts: [73] },
  { name: 'middle temporal gyrus', parts: [85] },
  { name: 'cerebellar hemisphere', parts: [91, 93, 95, 97, 99, 101, 103, 105, 107] },
];
const sets = [
  { name: 'train', perClass: 100, inRightHalf: 0 },
  { name: 'test', perClass: 300, inRightHalf: 1 },
];

const packageFolder = process.argv[2];
if (packageFolder === undefined) {
  console.error('usage: node make-data.mjs PACKAGE_FOLDER   (the unpacked Debian package "mricron-data")');
  process.exit(1);
}
const brain = readVolume('ch2');
const atlas = readVolume('aal');

sets.forEach(({ name, perClass, inRightHalf }, set) => {
  const samples = structures.flatMap(({ parts }, label) => {
    const numbers = new Set(parts.map(part => part + inRightHalf));
    const centers = voxels(x => inRightHalf ? x > middle + gap : x < middle - gap, number => numbers.has(number));
    return shuffled(centers, structures.length * set + label).slice(0, perClass).map(center => ({ image: patch(center), label }));
  });
  // Mixed classes, so that any prefix of the file is a fair sample.
  writeSamples(import.meta.dirname, `brain-${name}`, shuffled(samples, structures.length * sets.length + set));
});

// NIfTI-1: 348 bytes of header, 4 that announce extensions (here none), the voxels.
function readVolume(name) {
  const content = gunzipSync(readFileSync(join(packageFolder, 'usr/share/mricron/templates', `${name}.nii.gz`)));
  const dimensions = [1, 2, 3].map(i => content.readInt16LE(40 + 2 * i));
  const [type, start] = [content.readInt16LE(70), content.readFloatLE(108)];
  if (dimensions.join() !== [width, depth, height].join() || type !== 2 || start !== 352)
    throw new Error(`${name}.nii.gz is not the volume of ${width} x ${depth} x ${height} bytes of mricron-data 1.2.20211006.`);
  return content.subarray(start);
}

function at(volume, x, y, z) {
  return y < 0 || z < 0 || y >= depth || z >= height ? 0 : volume[x + width * (y + depth * z)];
}

// The positions in the slices and structures that are wanted.
function voxels(isWantedSlice, isWantedNumber) {
  const found = [];
  for (let z = 0; z < height; z++)
    for (let y = 0; y < depth; y++)
      for (let x = 0; x < width; x++)
        if (isWantedSlice(x) && isWantedNumber(at(atlas, x, y, z))) found.push([x, y, z]);
  return found;
}

// What is around a position in its slice from front to back, seen from the side: forehead to the left, crown above.
function patch([x, centerY, centerZ]) {
  const image = Buffer.alloc(side * side);
  const start = side * millimetersPerPixel / 2 - 1;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let sum = 0;
      for (let down = 0; down < millimetersPerPixel; down++)
        for (let right = 0; right < millimetersPerPixel; right++)
          sum += at(brain, x, centerY + start - column * millimetersPerPixel - right, centerZ + start - row * millimetersPerPixel - down);
      image[row * side + column] = Math.min(255, step * Math.round(brightening * sum / millimetersPerPixel ** 2 / step));
    }
  return image;
}
