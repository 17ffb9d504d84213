// A clip's address, as tools/build-web.mjs puts it into the script.
declare module '*.mp3' {
  const address: string;
  export = address;
}
