// A foreign source of keys as files: itself, and where it is signed its signature and the certificate that is to be of.

import { readFileSync } from 'node:fs';
import { YimaError } from '../../core/errors/yima-error.js';
import { type ReadAnchors, readAnchors } from './read-anchors.js';

export interface AnchorFiles {
  readonly file: string;
  /** Both, or neither. */
  readonly signature: string | null;
  readonly certificate: string | null;
  /** Of the certificate, SHA-256; null: not compared. */
  readonly fingerprint: string | null;
  readonly issuer: string | null;
}

/** @throws YimaError `invalid_request` for files that cannot be read or go together; else as `readAnchors` */
export function readAnchorFiles(files: AnchorFiles): ReadAnchors {
  const { file, signature, certificate, fingerprint, issuer } = files;
  if ((signature === null) !== (certificate === null) || (certificate === null && fingerprint !== null)) {
    const message = 'A signed source needs its signature and the certificate that it is to be of.';
    throw new YimaError('invalid_request', message, { field: 'certificate' });
  }
  const signed =
    signature === null || certificate === null
      ? null
      : { signature: read(signature), certificate: read(certificate), fingerprint };
  return readAnchors({ data: read(file), signed, issuer });
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new YimaError('invalid_request', `The file ${path} cannot be read.`, { field: 'file', cause });
  }
}
