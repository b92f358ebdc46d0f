"""Makes this example anew: stories by rule, their tokenizer.json, the trained network as model.onnx, samples.csv. Needs torch, onnx, onnxscript."""
import csv
import json
import random
import re
from pathlib import Path

import onnx
import torch
from torch import nn

from network import StoryNetwork

here = Path(__file__).parent
names = ["Mary", "John", "Sandra", "Daniel", "Anna", "Peter"]
places = ["kitchen", "garden", "office", "bathroom", "hallway", "bedroom"]
moves = ["went to the", "moved to the", "travelled to the", "journeyed to the"]
pieces = ["##s", "##d", "##ed", "##led"]
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
words = ["where", "is", "now", "the", "to", "went", "move", "travel", "journey", "then", "after", "that", ".", ",", "?"]
vocabulary = {word: i for i, word in enumerate(special + words + pieces + [n.lower() for n in names] + places)}


def story(rng, moves_made=(2, 3, 3, 4)):
    """A few moves of two people, and where one of them is."""
    people = rng.sample(names, 2)
    where, sentences = {}, []
    for i in range(rng.choice(moves_made)):
        who = people[i] if i < 2 else rng.choice(people)
        where[who] = rng.choice([p for p in places if p != where.get(who)])
        opening = rng.choice(["", "", "Then ", "After that, "]) if i > 0 else ""
        sentences.append(f"{opening}{who} {rng.choice(moves)} {where[who]}.")
    asked = rng.choice(list(where))
    question = rng.choice(["Where is {}?", "Where is {} now?"]).format(asked)
    return " ".join(sentences), question, where[asked]


def wordpieces(text):
    """The ids that tokenizer.json gives, made quickly."""
    found = []
    for word in re.findall(r"\w+|[^\w\s]", text.lower()):
        at = 0
        while at < len(word):
            end = next(e for e in range(len(word), at, -1) if ("##" if at else "") + word[at:e] in vocabulary)
            found.append(vocabulary[("##" if at else "") + word[at:end]])
            at = end
    return found


def batch(rows):
    encoded = []
    for text, question, _ in rows:
        a, b = wordpieces(text), wordpieces(question)
        encoded.append(([2, *a, 3, *b, 3], [0] * (len(a) + 2) + [1] * (len(b) + 1)))
    longest = max(len(ids) for ids, _ in encoded)
    pad = lambda lists: torch.tensor([list_ + [0] * (longest - len(list_)) for list_ in lists])
    return pad([i for i, _ in encoded]), pad([[1] * len(i) for i, _ in encoded]), pad([t for _, t in encoded]), torch.tensor([places.index(p) for *_, p in rows])


def tokenizer():
    def token(content, type_id):
        return {"SpecialToken": {"id": content, "type_id": type_id}}

    def sequence(name, type_id):
        return {"Sequence": {"id": name, "type_id": type_id}}

    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 64, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [{"id": i, "content": content, **flags} for i, content in enumerate(special)],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token("[CLS]", 0), sequence("A", 0), token("[SEP]", 0)],
            "pair": [token("[CLS]", 0), sequence("A", 0), token("[SEP]", 0), sequence("B", 1), token("[SEP]", 1)],
            "special_tokens": {t: {"id": t, "ids": [vocabulary[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


def hints(rows, ids):
    """Whose the place of a sentence is (-100 elsewhere), and where the question's name stands: what the first two blocks are shown for."""
    name_ids = {vocabulary[n.lower()]: i for i, n in enumerate(names)}
    place_ids = {vocabulary[p] for p in places}
    owners, asked = torch.full_like(ids, -100), []
    for row, line in enumerate(ids.tolist()):
        last = -100
        for at, token in enumerate(line):
            if token in name_ids:
                last, where = name_ids[token], at
            elif token in place_ids:
                owners[row, at] = last
        asked.append(where)
    return owners, torch.tensor(asked)


def train(steps=1600, easy=500):
    """Besides the answer, the first block is asked who went to a place and the second where the asked one is: a curriculum that is thrown away."""
    torch.manual_seed(0)
    rng = random.Random(0)
    network = StoryNetwork(len(vocabulary))
    who = nn.Linear(48, len(names))
    where = nn.Linear(48, len(places))
    parameters = [*network.parameters(), *who.parameters(), *where.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for step in range(steps):
        rows = [story(rng, (2,)) if step < easy else story(rng) for _ in range(64)]
        ids, mask, types, answer = batch(rows)
        owners, asked = hints(rows, ids)
        x = network.embeddings(ids, types)
        states = []
        for block in network.blocks:
            x = block(x, mask.to(x.dtype))
            states.append(x)
        loss = nn.functional.cross_entropy(network.classifier(network.norm(x[:, 0])), answer)
        first = nn.functional.cross_entropy(who(states[0]).flatten(0, 1), owners.flatten())
        second = nn.functional.cross_entropy(where(states[1][torch.arange(len(rows)), asked]), answer)
        optimizer.zero_grad()
        (loss + first + second).backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(step, *(round(part.item(), 4) for part in (loss, first, second)), flush=True)
    network.eval()
    ids, mask, types, answer = batch([story(random.Random(10**6 + i)) for i in range(2000)])
    print("right on new stories:", (network(ids, mask, types).argmax(1) == answer).float().mean().item())
    return network


def without_folders(file):
    """Source lines stay in the model, the folders of the machine that made it do not."""
    model = onnx.load(file)
    graph = model.graph
    for holder in [*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer]:
        kept = [(p.key, re.sub(r'File "[^"]*?(torch/|[^"/]*\.py")', r'File "\1', p.value)) for p in holder.metadata_props if p.key != "pkg.torch.onnx.fx_node"]
        del holder.metadata_props[:]
        for key, value in kept:
            holder.metadata_props.add(key=key, value=value)
    onnx.save(model, file)


if __name__ == "__main__":
    network = train()
    *inputs, _ = batch([story(random.Random(1)), story(random.Random(2))])
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=64)}
    torch.onnx.export(
        network,
        tuple(inputs),
        here / "model.onnx",
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["probabilities"],
        dynamic_shapes=(axes, axes, axes),
        dynamo=True,
        external_data=False,
        opset_version=20,
    )
    without_folders(here / "model.onnx")
    (here / "tokenizer.json").write_text(json.dumps(tokenizer(), indent=1) + "\n")
    with open(here / "samples.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["context", "question", "place"])
        out.writerows(story(random.Random(20_000 + i)) for i in range(20))
