// Written by `npm run wasm`: what the committed module must hash to. Any other bytes are not run.

/** SHA-256 of src/wasm/ed25519/ed25519.wasm, hexadecimal. */
export const TABLE_MODULE_SHA256 = '2147d26163c910a83f7b386eaa7980120bc678aeee212a5279e2917fa1a48c9b';
