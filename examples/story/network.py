"""A small transformer that reads a story and a question about it: token ids, token types and a mask [N, T] in, the probabilities of six places out."""
import math

import torch
from torch import nn


class Embeddings(nn.Module):
    """Word, position and token type (0: the story, 1: the question), added up."""

    def __init__(self, words, width, longest):
        super().__init__()
        self.word = nn.Embedding(words, width)
        self.position = nn.Embedding(longest, width)
        nn.init.normal_(self.word.weight, std=0.5)
        with torch.no_grad():
            # Waves, so that "a few words back" looks alike everywhere (Vaswani et al. 2017); training goes on from there.
            turns = torch.arange(longest).unsqueeze(1) / 10000 ** (torch.arange(0, width, 2) / width)
            self.position.weight.copy_(torch.stack([turns.sin(), turns.cos()], 2).flatten(1) / 2)
        self.token_type = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids, token_type_ids):
        positions = torch.arange(input_ids.shape[1], device=input_ids.device).unsqueeze(0)
        return self.norm(self.word(input_ids) + self.position(positions) + self.token_type(token_type_ids))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(self, x, mask):
        split = lambda t: t.unflatten(2, (self.heads, -1)).transpose(1, 2)
        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        weights = torch.softmax(scores + (1 - mask[:, None, None, :]) * -10000.0, dim=3)
        return self.output((weights @ value).transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 2 * width)
        self.activation = nn.GELU()
        self.shrink = nn.Linear(2 * width, width)

    def forward(self, x, mask):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.shrink(self.activation(self.expand(self.norm2(x))))


class StoryNetwork(nn.Module):
    def __init__(self, words, places=6, width=48, heads=4, blocks=3, longest=64):
        super().__init__()
        self.embeddings = Embeddings(words, width, longest)
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(blocks)])
        self.norm = nn.LayerNorm(width)
        self.classifier = nn.Linear(width, places)
        self.softmax = nn.Softmax(dim=1)

    def logits(self, input_ids, attention_mask, token_type_ids):
        x = self.embeddings(input_ids, token_type_ids)
        mask = attention_mask.to(x.dtype)
        for block in self.blocks:
            x = block(x, mask)
        return self.classifier(self.norm(x[:, 0]))

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.softmax(self.logits(input_ids, attention_mask, token_type_ids))
