// What is pasted into the page or dropped on it: a file with a code, such as a screenshot or a PDF, or the code's text.

import { useEffect, useRef } from 'preact/hooks';

interface Takers {
  readonly file: (file: File) => void;
  readonly text: (text: string) => void;
}

/** While not `active` nothing is taken; a file that is dropped never takes the place of the page. */
export function usePaste(active: boolean, takers: Takers): void {
  const latest = useRef(takers);
  latest.current = takers;
  useEffect(() => {
    const take = (event: Event, given: DataTransfer | null): void => {
      event.preventDefault();
      if (!active || given === null) return;
      const [file] = given.files;
      const text = given.getData('text').trim();
      if (file !== undefined) latest.current.file(file);
      else if (text !== '') latest.current.text(text);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (active) take(event, event.clipboardData);
    };
    const onDrop = (event: DragEvent): void => take(event, event.dataTransfer);
    const onDragOver = (event: DragEvent): void => event.preventDefault();
    addEventListener('paste', onPaste);
    addEventListener('drop', onDrop);
    addEventListener('dragover', onDragOver);
    return () => {
      removeEventListener('paste', onPaste);
      removeEventListener('drop', onDrop);
      removeEventListener('dragover', onDragOver);
    };
  }, [active]);
}
