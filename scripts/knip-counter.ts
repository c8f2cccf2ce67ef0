import type { Reporter } from 'knip';

/** Prints how many files knip analysed, which none of its own reporters does. */
const counter: Reporter = ({ counters }) => {
  console.log(`knip analysed ${counters.processed} of ${counters.total} files`);
};

export default counter;
