import { Button } from '#components/parts/button.tsx';
import { Icon, type IconName } from '#components/parts/icon.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { PageHead } from '#components/parts/section.tsx';
import type { ReactNode } from 'react';

interface Given {
  name: string;
  mayEdit: boolean;
  onUpload(): void;
  onNotebook(): void;
  onInvite(): void;
}

/** A project with nothing in it: ways to begin, each with what it costs, its key and where it ends. */
export function Begin({ name, mayEdit, onUpload, onNotebook, onInvite }: Given) {
  return (
    <>
      <PageHead
        title={name}
        clause="nothing is in it yet"
        lead={
          mayEdit ? 'Start from data, or from a question.' : 'You may read here. Someone who may edit has to begin.'
        }
      />
      {mayEdit && (
        <div className="pgrid begin">
          <div>
            <header>
              <h2>Three ways to begin</h2>
            </header>
            <ol className="ways">
              <Way
                icon="upload"
                title="Drop a file"
                act="Choose a file"
                keys="u"
                onAct={onUpload}
                says="CSV, NDJSON, Parquet or Arrow, anywhere on this page."
                costs="It becomes a dataset that every notebook of this project can query."
              >
                <div className="drop">
                  <Icon name="file-spreadsheet" />
                  Drop here
                </div>
              </Way>
              <Way
                icon="notebook-text"
                title="Write a question"
                act="New notebook"
                keys="n"
                onAct={onNotebook}
                says="A notebook with SQL, TypeScript, charts and inputs; several people can write in it at once."
                costs="Queries run in your browser, or on the server when the data is there."
              />
              <Way
                icon="user-plus"
                title="Bring a colleague"
                act="Invite"
                keys="i"
                onAct={onInvite}
                says="A link for one person, good for a week."
                costs="You decide whether they read, edit or own."
              />
            </ol>
            <div className="more-l">
              <span>
                Keys work everywhere: <Kbd keys="mod+k" /> finds each act.
              </span>
            </div>
          </div>
        </div>
      )}
    </>
  );
}

interface WayGiven {
  icon: IconName;
  title: string;
  says: string;
  costs: string;
  act: string;
  keys: string;
  onAct(): void;
  children?: ReactNode;
}

function Way({ icon, title, says, costs, act, keys, onAct, children }: WayGiven) {
  return (
    <li>
      <Icon name={icon} size="large" />
      <div>
        <h2>{title}</h2>
        <p>{says}</p>
        <p className="mut">{costs}</p>
        {children}
      </div>
      <Button keys={keys} onClick={onAct}>
        {act}
      </Button>
    </li>
  );
}
